/** One visit: its first and last event, ms, both ends included, and how many events it has. */
export interface VisitSpan {
  readonly from: number;
  readonly to: number;
  readonly events: number;
}

/** What is left of visits whose moments were forgotten. */
export interface VisitSummary {
  readonly visits: number;
  readonly lengthMs: number;
  /** Visits of one event. */
  readonly bounces: number;
}

/** A visit ends when nothing is heard for longer than this. */
export const VISIT_GAP_MS = 30 * 60 * 1000;
/** Visits kept as spans. An event that is later than this many newer visits joins the forgotten past and counts no visit. */
export const RECENT_VISITS = 32;

export interface VisitHistory {
  /** Oldest first, more than `VISIT_GAP_MS` apart. */
  readonly recent: readonly VisitSpan[];
  /** Visits older than all of `recent`. */
  readonly older: VisitSummary;
}

const NOTHING: VisitSummary = { visits: 0, lengthMs: 0, bounces: 0 };
export const NO_VISITS: VisitHistory = { recent: [], older: NOTHING };

/** Adds the moment of one event: it opens a visit, stretches one, or joins two. */
export function visitAt(history: VisitHistory, at: number): VisitHistory {
  const oldest = history.recent[0];
  if (history.older.visits > 0 && oldest !== undefined && at < oldest.from - VISIT_GAP_MS) return history;
  const last = history.recent.at(-1);
  if (last !== undefined && at >= last.from && at - last.to <= VISIT_GAP_MS) {
    const stretched = { from: last.from, to: Math.max(last.to, at), events: last.events + 1 };
    return { recent: [...history.recent.slice(0, -1), stretched], older: history.older };
  }
  return joined([...history.recent, { from: at, to: at, events: 1 }], history.older);
}

/** The visits of one person who was counted as two. */
export function mergeVisits(a: VisitHistory, b: VisitHistory): VisitHistory {
  return joined([...a.recent, ...b.recent], sumOf(a.older, b.older));
}

/** All visits, remembered and forgotten. */
export function summaryOf({ recent, older }: VisitHistory): VisitSummary {
  return recent.map(summaryOfSpan).reduce(sumOf, older);
}

function joined(spans: readonly VisitSpan[], older: VisitSummary): VisitHistory {
  const merged: VisitSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && span.from - last.to <= VISIT_GAP_MS)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to), events: last.events + span.events };
    else merged.push(span);
  }
  const forgotten = Math.max(0, merged.length - RECENT_VISITS);
  return { recent: merged.slice(forgotten), older: merged.slice(0, forgotten).map(summaryOfSpan).reduce(sumOf, older) };
}

function summaryOfSpan({ from, to, events }: VisitSpan): VisitSummary {
  return { visits: 1, lengthMs: to - from, bounces: events === 1 ? 1 : 0 };
}

function sumOf(a: VisitSummary, b: VisitSummary): VisitSummary {
  return { visits: a.visits + b.visits, lengthMs: a.lengthMs + b.lengthMs, bounces: a.bounces + b.bounces };
}
