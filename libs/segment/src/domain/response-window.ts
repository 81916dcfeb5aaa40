import type { RowSplit } from './row-split';

/** Features are of what was known before `from`; responses are looked for in [from, until). ms since the epoch. */
export interface ResponseWindow {
  readonly from: number;
  readonly until: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The window of one person. Those who train are seen one window earlier than those who tune and test: so what is learned is judged on other
 * people and on a later time at once.
 *
 * @param days length of a window; 0 gives none
 */
export function windowOf(split: RowSplit, asOf: number, days: number): ResponseWindow | null {
  if (days <= 0) return null;
  const length = days * DAY_MS;
  return split === 'TRAIN' ? { from: asOf - 2 * length, until: asOf - length } : { from: asOf - length, until: asOf };
}
