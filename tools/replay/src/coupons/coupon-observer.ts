/** The operator's view behind the API: what the ledger, the fold and the events collection hold. Read-only. */
export interface CouponObserver {
  /** Ledger entries contained in each newer state revision of the placement's live version, oldest first. */
  foldsSince(revision: number): Promise<readonly { readonly revision: number; readonly entries: number }[]>;
  /** First state revision that contains each of these events. */
  containingRevisions(eventIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** How many of these ids are in the events collection. */
  countEvents(eventIds: readonly string[]): Promise<number>;
  countQuarantined(): Promise<number>;
}
