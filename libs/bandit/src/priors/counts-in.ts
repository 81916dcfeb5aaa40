import { COUNTS } from '../statistics/counts.family';
import type { StatisticsFamily } from '../statistics/statistics-family';

/** Families whose numbers begin with the layout of `COUNTS`. */
const COUNTED: ReadonlySet<string> = new Set(['counts', 'linear']);

/** Whether `countsIn` can read a family. */
export function countsTrials({ name }: Pick<StatisticsFamily, 'name'>): boolean {
  return COUNTED.has(name);
}

/** Trials, rewards and squares of one banner, in the layout of `COUNTS`: a view of its statistics. @param statistics of a family that `countsTrials` */
export function countsIn(statistics: Float64Array): Float64Array {
  return statistics.subarray(0, COUNTS.length);
}
