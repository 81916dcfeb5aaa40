import type { EventRule } from './cleaning-rule';

export const MAX_FUTURE_MS = 10 * 60_000;
export const MAX_PAST_MS = 30 * 86_400_000;

/** Whether a client's time is one that we can believe, seen from the moment of receipt. */
export function isSkewed(occurredAt: number, receivedAt: number): boolean {
  return occurredAt - receivedAt > MAX_FUTURE_MS || receivedAt - occurredAt > MAX_PAST_MS;
}

/** Also refuses an answer that is dated well before its decision. */
export const clockSkewRule: EventRule = {
  name: 'clock-skew',
  check({ event, decision, receivedAt }) {
    const early = decision !== null && decision.decidedAt - event.occurredAt > MAX_FUTURE_MS;
    return early || isSkewed(event.occurredAt, receivedAt) ? { kind: 'REJECT', code: 'CLOCK_SKEW' } : null;
  },
};
