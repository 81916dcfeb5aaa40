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

function toEventDoc(clean: CleanEvent): EventDoc {
  const { event, receivedAt, device } = clean;
  return {
    _id: event.eventId,
    type: event.type,
    occurredAt: new Date(event.occurredAt),
    receivedAt: new Date(receivedAt),
    device,
    ...personalFields(clean),
    ...decisionFields(clean),
    productId: event.productId,
    category: event.category,
    amountMinor: event.value?.amountMinor ?? null,
    currency: event.value?.currency ?? null,
    dwellMs: event.dwellMs,
  };
}

/** An address or free properties may name a person as well as an id does. */
function personalFields({ event, identity, granted }: CleanEvent): Pick<EventDoc, 'visitorHash' | 'profileId' | 'url' | 'properties'> {
  if (!granted.has('ANALYTICS')) return { visitorHash: null, profileId: null, url: null, properties: null };
  return { visitorHash: identity?.hashes[0] ?? null, profileId: identity?.profileId ?? null, url: event.url, properties: event.properties };
}

function decisionFields({ decision }: CleanEvent): Pick<EventDoc, 'decisionId' | 'slot' | 'placementId' | 'bannerId'> {
  if (decision === null) return { decisionId: null, slot: null, placementId: null, bannerId: null };
  const { decisionId, slot, placementId, bannerId } = decision;
  return { decisionId, slot, placementId, bannerId };
}
