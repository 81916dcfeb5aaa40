import type { ClientSession, Connection } from 'mongoose';
import type { StoredTrial, TrialStore } from '../application/processing.ports';
import { SHOW_EVENTS } from '../domain/activation';
import type { RewardEvent } from '../domain/reward-event';
import type { Trial } from '../domain/trial';
import { COLLECTIONS, type TrialDoc } from './feedback.documents';

/** `trials`, written only inside the transaction that read them. */
export class MongoTrialStore implements TrialStore<ClientSession> {
  constructor(private readonly connection: Connection) {}

  async find(session: ClientSession, keys: readonly string[]): Promise<ReadonlyMap<string, Trial>> {
    if (keys.length === 0) return new Map();
    const docs = await this.connection
      .collection<TrialDoc>(COLLECTIONS.trials)
      .find({ _id: { $in: [...keys] } }, { session })
      .toArray();
    return new Map(docs.map((doc) => [doc._id, toTrial(doc)]));
  }

  async save(session: ClientSession, trials: readonly StoredTrial[]): Promise<void> {
    const upserts = trials.map(({ trial, visitorHash }) => {
      const { key, decidedAt, activatedAt, ...state } = trial;
      const personal = visitorHash === null ? {} : { visitorHash };
      const $set = { ...state, decidedAt: dateOrNull(decidedAt), activatedAt: dateOrNull(activatedAt), ...personal };
      return { updateOne: { filter: { _id: key }, update: { $set }, upsert: true } };
    });
    await this.connection.collection<TrialDoc>(COLLECTIONS.trials).bulkWrite(upserts, { session });
  }
}

const dateOrNull = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

function toTrial({ _id, decidedAt, activatedAt, proven, clicked, converted, contributions, earned }: TrialDoc): Trial {
  return {
    key: _id,
    decidedAt: decidedAt?.getTime() ?? null,
    activatedAt: activatedAt?.getTime() ?? null,
    proven: SHOW_EVENTS.filter((proof) => proven.includes(proof)),
    clicked,
    converted,
    contributions: contributions.map(toRewardEvent),
    earned,
  };
}

function toRewardEvent({ eventId, type, occurredAt, amountMinor, refundOf }: RewardEvent): RewardEvent {
  return { eventId, type, occurredAt, amountMinor, refundOf };
}
