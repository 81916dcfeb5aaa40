import type { ClientSession, Connection } from 'mongoose';
import type { EventStore } from '../application/processing.ports';
import type { CleanEvent } from '../domain/clean-event';
import type { QuarantinedEvent } from '../domain/feedback-chunk';
import { COLLECTIONS, type EventDoc, type QuarantineDoc } from './feedback.documents';

/** `events` and `quarantine`. */
export class MongoEventStore implements EventStore<ClientSession> {
  constructor(private readonly connection: Connection) {}

  async findKnown(session: ClientSession, eventIds: readonly string[]): Promise<ReadonlySet<string>> {
    const events = this.connection.collection<EventDoc>(COLLECTIONS.events);
    const rows = await events.find({ _id: { $in: [...eventIds] } }, { projection: { _id: 1 }, session }).toArray();
    return new Set(rows.map((row) => row._id));
  }

  async insert(session: ClientSession, clean: readonly CleanEvent[]): Promise<void> {
    await this.connection.collection<EventDoc>(COLLECTIONS.events).insertMany(clean.map(toEventDoc), { session, ordered: true });
  }

  async quarantine(session: ClientSession, rejected: readonly QuarantinedEvent[]): Promise<void> {
    const upserts = rejected.map(({ eventId, rule, code, type, at }) => ({
      updateOne: {
        filter: { _id: `${eventId}:${rule}:${at}` },
        update: { $setOnInsert: { eventId, rule, code, type, at: new Date(at) } },
        upsert: true,
      },
    }));
    await this.connection.collection<QuarantineDoc>(COLLECTIONS.quarantine).bulkWrite(upserts, { session });
  }
}

function toEventDoc({ event, decision, identity, granted, receivedAt, device }: CleanEvent): EventDoc {
  const personal = granted.has('ANALYTICS');
  return {
    _id: event.eventId,
    type: event.type,
    occurredAt: new Date(event.occurredAt),
    receivedAt: new Date(receivedAt),
    device,
    visitorHash: personal ? (identity?.hashes[0] ?? null) : null,
    profileId: personal ? (identity?.profileId ?? null) : null,
    url: personal ? event.url : null,
    properties: personal ? event.properties : null,
    decisionId: decision?.decisionId ?? null,
    slot: decision?.slot ?? null,
    placementId: decision?.placementId ?? null,
    bannerId: decision?.bannerId ?? null,
    productId: event.productId,
    category: event.category,
    amountMinor: event.value?.amountMinor ?? null,
    currency: event.value?.currency ?? null,
    dwellMs: event.dwellMs,
  };
}
