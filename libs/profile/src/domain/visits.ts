import type { VisitSpan } from './types';

/** A visit ends when nothing is heard for longer than this. */
export const VISIT_GAP_MS = 30 * 60 * 1000;
/** Visits kept as spans. An event that is later than this many newer visits joins the forgotten past and counts no visit. */
export const RECENT_VISITS = 32;

export interface VisitHistory {
  /** Oldest first, more than `VISIT_GAP_MS` apart. */
  readonly recent: readonly VisitSpan[];
  /** Visits older than all of `recent`, of which only the number is known. */
  readonly older: number;
}

/** Adds the moment of one event: it opens a visit, stretches one, or joins two. */
export function visitAt(history: VisitHistory, at: number): VisitHistory {
  const oldest = history.recent[0];
  if (history.older > 0 && oldest !== undefined && at < oldest.from - VISIT_GAP_MS) return history;
  const last = history.recent.at(-1);
  if (last !== undefined && at >= last.from && at - last.to <= VISIT_GAP_MS) {
    return at <= last.to ? history : { recent: [...history.recent.slice(0, -1), { from: last.from, to: at }], older: history.older };
  }
  return joined([...history.recent, { from: at, to: at }], history.older);
}

/** The visits of one person who was counted as two. */
export function mergeVisits(a: VisitHistory, b: VisitHistory): VisitHistory {
  return joined([...a.recent, ...b.recent], a.older + b.older);
}

function joined(spans: readonly VisitSpan[], older: number): VisitHistory {
  const merged: VisitSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && span.from - last.to <= VISIT_GAP_MS)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else merged.push(span);
  }
  const forgotten = Math.max(0, merged.length - RECENT_VISITS);
  return { recent: merged.slice(forgotten), older: older + forgotten };
}
