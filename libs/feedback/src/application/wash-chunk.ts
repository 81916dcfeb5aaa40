import type { Cleaning } from '../domain/cleaning/clean';
import type { CleaningNote, Rejection } from '../domain/cleaning/cleaning-rule';
import type { FeedbackChunk } from '../domain/feedback-chunk';
import type { IncomingEvent, SealedDecision, TokenCodec } from '../domain/types';

/** An event that passed the rules that need no database. */
export interface Washed {
  /** As the rules left it. */
  readonly event: IncomingEvent;
  readonly sent: IncomingEvent;
  readonly decision: SealedDecision | null;
  readonly notes: readonly CleaningNote[];
}

/** An event that did not; as it was sent. */
export interface Unclean {
  readonly event: IncomingEvent;
  /** What its token carries; null without a token that opens. */
  readonly decision: SealedDecision | null;
  readonly rejection: Rejection;
}

export interface Wash {
  readonly washed: readonly Washed[];
  readonly unclean: readonly Unclean[];
}

/** Opens the tokens of a chunk and lets every rule look that needs no database. Pure: the same chunk gives the same. */
export function washChunk(chunk: FeedbackChunk, { tokens, cleaning }: { readonly tokens: TokenCodec; readonly cleaning: Cleaning }): Wash {
  const held = new Map(chunk.redriven?.map(({ eventId, rule }) => [eventId, rule]));
  const judged = uniqueById(chunk.events).map((event) => judge(event, held.get(event.eventId)));
  const passed = judged.filter((one) => 'notes' in one);
  const together = cleaning.judgeTogether(passed.map(({ event }) => event));
  const washed: Washed[] = [];
  const unclean: Unclean[] = judged.filter((one) => 'rejection' in one);
  for (const one of passed) {
    const rejection = together.get(one.event.eventId);
    if (rejection === undefined) washed.push(one);
    else unclean.push({ event: one.sent, decision: one.decision, rejection });
  }
  return { washed, unclean };

  function judge(event: IncomingEvent, heldBy: string | undefined): Washed | Unclean {
    const opened = event.token === null ? null : tokens.open(event.token, chunk.receivedAt);
    if (opened !== null && !opened.ok) return { event, decision: null, rejection: { rule: 'token', code: opened.error } };
    const decision = opened?.value ?? null;
    const { receivedAt, userAgent, internal = false } = chunk;
    const judgement = cleaning.judge({ event, decision, receivedAt, userAgent, internal });
    if (judgement.kind === 'REJECTED') return { event, decision, rejection: judgement.rejection };
    const standing = heldBy === undefined ? null : cleaning.standing(heldBy);
    if (standing !== null) return { event, decision, rejection: standing };
    return { event: judgement.event, sent: event, decision, notes: judgement.notes };
  }
}

/** The same event twice in one chunk is one event; the queue's payload could hold that only after a fault. */
function uniqueById(events: readonly IncomingEvent[]): readonly IncomingEvent[] {
  const first = new Map<string, IncomingEvent>();
  for (const event of events) if (!first.has(event.eventId)) first.set(event.eventId, event);
  return [...first.values()];
}
