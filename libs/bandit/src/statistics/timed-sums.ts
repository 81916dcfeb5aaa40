/**
 * What one banner has earned, as it counts at a time. Time goes by in steps, within which nothing changes: what costs much (a tabulated
 * posterior) is computed once per step. Steps lie on one grid since the epoch, so that all banners take them together.
 */
export interface TimedSums {
  /** The step in which a time lies; for a time before the newest entries, theirs. @param at ms since the epoch */
  stepAt(at: number): number;
  /** @param counts receives the sums in the layout of `COUNTS` */
  read(step: number, counts: Float64Array): void;
}
