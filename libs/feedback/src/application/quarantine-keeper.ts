import type { FeedbackChunk, QuarantinedEvent } from '../domain/feedback-chunk';
import { quarantineEntryOf, quarantineId, type QuarantineEntry, type RejectedEvent } from '../domain/quarantine-entry';
import type { QuarantineStore } from './processing.ports';

export interface QuarantineMoves {
  readonly rejected: readonly RejectedEvent[];
  /** Ids of the events that are in the events collection now, whoever put them there. */
  readonly stored: ReadonlySet<string>;
  /** Of the transaction, ms since the epoch. */
  readonly now: number;
}

/**
 * Moves a chunk's events in and out of quarantine, in the transaction that decides about them: what is rejected for the first time comes
 * in, what was driven again and rejected again stays under its new reason, what was accepted leaves.
 *
 * @returns the rows that are new: a chunk that runs again has none
 */
export async function keepQuarantine<S>(
  store: QuarantineStore<S>,
  session: S,
  chunk: FeedbackChunk,
  { rejected, stored, now }: QuarantineMoves,
): Promise<readonly QuarantineEntry[]> {
  const rowOf = new Map(chunk.redriven?.map(({ eventId, quarantineId: id }) => [eventId, id]));
  const entries = chunk.refused.map(contentless);
  const again: { id: string; rule: string; code: QuarantineEntry['code']; at: number }[] = [];
  for (const one of rejected) {
    const id = rowOf.get(one.event.eventId);
    if (id === undefined) entries.push(quarantineEntryOf(one, chunk));
    else again.push({ id, ...one.rejection, at: now });
  }
  const released = [...rowOf].flatMap(([eventId, id]) => (stored.has(eventId) ? [id] : []));
  const fresh = entries.length > 0 ? await store.hold(session, entries) : [];
  if (again.length > 0) await store.holdAgain(session, again);
  if (released.length > 0) await store.release(session, released);
  return fresh;
}

/** The sender was told and holds the event: nothing is kept that could be driven again. */
function contentless(one: QuarantinedEvent): QuarantineEntry {
  return { ...one, id: quarantineId(one.eventId, one.rule, one.at), held: null, visitorHash: null };
}
