import type { PersonalSealer } from '@vitrine/platform';
import type { ClientSession, Connection } from 'mongoose';
import type { EventStore } from '../application/processing.ports';
import type { CleanEvent } from '../domain/clean-event';
import { sealEventFields } from './event-fields';
import { COLLECTIONS, type EventDoc } from './feedback.documents';

/** `events`. */
export class MongoEventStore implements EventStore<ClientSession> {
  constructor(private readonly deps: { readonly connection: Connection; readonly sealer: PersonalSealer }) {}

  async findKnown(session: ClientSession, eventIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const events = this.rows();
    const rows = await events.find({ _id: { $in: [...eventIds] } }, { projection: { receivedAt: 1 }, session }).toArray();
    return new Map(rows.map(({ _id: id, receivedAt }) => [id, receivedAt.getTime()]));
  }

  async insert(session: ClientSession, clean: readonly CleanEvent[]): Promise<void> {
    await this.rows().insertMany(
      clean.map((event) => toEventDoc(event, this.deps.sealer)),
      { session, ordered: true },
    );
  }

  async markRepeated(session: ClientSession, eventIds: readonly string[], receivedAt: number): Promise<number> {
    const at = new Date(receivedAt);
    const unmarked = { _id: { $in: [...eventIds] }, $or: [{ repeatedAt: { $exists: false } }, { repeatedAt: { $lt: at } }] };
    const events = this.rows();
    return (await events.updateMany(unmarked, { $set: { repeatedAt: at } }, { session })).modifiedCount;
  }

  private rows() {
    return this.deps.connection.collection<EventDoc>(COLLECTIONS.events);
  }
}

function toEventDoc(clean: CleanEvent, sealer: PersonalSealer): EventDoc {
  const { event, receivedAt, device, notes } = clean;
  return {
    _id: event.eventId,
    type: event.type,
    occurredAt: new Date(event.occurredAt),
    receivedAt: new Date(receivedAt),
    device,
    ...personFields(clean, sealer),
    ...decisionFields(clean),
    productId: event.productId,
    category: event.category,
    amountMinor: event.value?.amountMinor ?? null,
    currency: event.value?.currency ?? null,
    dwellMs: event.dwellMs,
    ...(notes.length === 0 ? {} : { cleaning: notes }),
  };
}

/** An address or free properties may name a person as well as an id does. */
function personFields(
  { event, identity, granted }: CleanEvent,
  sealer: PersonalSealer,
): Pick<EventDoc, 'visitorHash' | 'profileId' | 'personal' | 'keyId'> {
  if (!granted.has('ANALYTICS')) return { visitorHash: null, profileId: null };
  return {
    visitorHash: identity?.hashes[0] ?? null,
    profileId: identity?.profileId ?? null,
    ...sealEventFields(sealer, event.eventId, event),
  };
}

function decisionFields({ decision }: CleanEvent): Pick<EventDoc, 'decisionId' | 'slot' | 'placementId' | 'bannerId'> {
  if (decision === null) return { decisionId: null, slot: null, placementId: null, bannerId: null };
  const { decisionId, slot, placementId, bannerId } = decision;
  return { decisionId, slot, placementId, bannerId };
}
