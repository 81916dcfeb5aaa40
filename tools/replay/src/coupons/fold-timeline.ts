/** When each state revision was first seen in an answered decision. */
export class FoldTimeline {
  private readonly seen: { readonly at: number; readonly revision: number }[] = [];
  private newest = -1;

  /** @param at monotonic milliseconds at which the answer arrived */
  note(at: number, revision: number): void {
    if (revision <= this.newest) return;
    this.newest = revision;
    this.seen.push({ at, revision });
  }

  get revision(): number {
    return this.newest;
  }

  /** Milliseconds from `ackAt` to the first decision whose state had reached `revision`; null when none was seen. */
  latency(ackAt: number, revision: number): number | null {
    const first = this.seen.find((entry) => entry.revision >= revision);
    return first === undefined ? null : Math.max(0, first.at - ackAt);
  }
}

/** Nearest-rank percentile of a non-empty list. @param share in (0, 1] */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
