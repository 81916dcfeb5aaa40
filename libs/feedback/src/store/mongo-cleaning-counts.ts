import type { Connection } from 'mongoose';
import { CLEANING_RULE_NAMES } from '../domain/cleaning/cleaning-rule';
import type { RuleCounts } from '../domain/cleaning/rule-counts';
import { COLLECTIONS } from './feedback.documents';

interface CountRow {
  readonly _id: string;
  readonly count: number;
}

/**
 * How many events each rule holds in quarantine, or mended or noted among those that are kept. Exact, because it counts the rows
 * themselves: a chunk that ran twice left them once. Rules that found nothing count 0.
 */
export async function countCleaning(connection: Connection): Promise<RuleCounts> {
  const held = connection.collection(COLLECTIONS.quarantine).aggregate<CountRow>([{ $group: { _id: '$rule', count: { $sum: 1 } } }]);
  const noted = connection
    .collection(COLLECTIONS.events)
    .aggregate<CountRow>([
      { $match: { 'cleaning.rule': { $type: 'string' } } },
      { $unwind: '$cleaning' },
      { $group: { _id: '$cleaning.rule', count: { $sum: 1 } } },
    ]);
  const counts: Record<string, number> = Object.fromEntries(CLEANING_RULE_NAMES.map((name) => [name, 0]));
  for (const { _id: rule, count } of [...(await held.toArray()), ...(await noted.toArray())]) counts[rule] = (counts[rule] ?? 0) + count;
  return counts;
}
