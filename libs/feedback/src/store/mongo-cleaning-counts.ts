import type { ClientSession, Connection } from 'mongoose';
import type { CleaningCounter } from '../application/processing.ports';
import { CLEANING_RULE_NAMES } from '../domain/cleaning/cleaning-rule';
import type { RuleCounts } from '../domain/cleaning/rule-counts';
import { COLLECTIONS, type CleaningCountDoc } from './feedback.documents';

const DAY_CHARS = 'yyyy-mm-dd'.length;

/** `cleaning_counts`: one row per day, rule and partition, so that the partitions' workers never wait for each other's row. */
export class MongoCleaningCounts implements CleaningCounter<ClientSession> {
  constructor(private readonly connection: Connection) {}

  async add(session: ClientSession, { at, partition, rules }: Parameters<CleaningCounter<ClientSession>['add']>[1]): Promise<void> {
    const day = new Date(at).toISOString().slice(0, DAY_CHARS);
    const upserts = Object.entries(rules).map(([rule, count]) => ({
      updateOne: { filter: { _id: `${day}|${rule}|${partition}` }, update: { $setOnInsert: { day, rule }, $inc: { count } }, upsert: true },
    }));
    await this.connection.collection<CleaningCountDoc>(COLLECTIONS.cleaningCounts).bulkWrite(upserts, { session, ordered: false });
  }

  /** All days together. Every rule is there, with 0 where it found nothing; the guards of tokens only where they did. */
  async read(): Promise<RuleCounts> {
    const rows = await this.connection
      .collection(COLLECTIONS.cleaningCounts)
      .aggregate<{ readonly _id: string; readonly count: number }>([{ $group: { _id: '$rule', count: { $sum: '$count' } } }])
      .toArray();
    const none = CLEANING_RULE_NAMES.map((name) => [name, 0] as const);
    return Object.fromEntries([...none, ...rows.map(({ _id: rule, count }) => [rule, count] as const)]);
  }
}
