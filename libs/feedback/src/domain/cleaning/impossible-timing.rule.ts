import type { EventRule } from './cleaning-rule';

/** Nobody sees a banner and clicks it sooner. */
export const MIN_CLICK_DELAY_MS = 50;
/** Nobody stays on one page longer. */
export const MAX_DWELL_MS = 4 * 3_600_000;

/**
 * A click is too fast by the client's clock, or by ours when it even arrived too soon. A client whose clock runs behind the decision
 * says nothing about speed, so only our own clock counts against it.
 */
export const impossibleTimingRule: EventRule = {
  name: 'impossible-timing',
  check({ event, decision, receivedAt }) {
    const reject = { kind: 'REJECT', code: 'IMPOSSIBLE_TIMING' } as const;
    if (event.dwellMs !== null && event.dwellMs > MAX_DWELL_MS) return reject;
    if (event.type !== 'CLICK' || decision === null) return null;
    const delayMs = event.occurredAt - decision.decidedAt;
    const tooFast = delayMs >= 0 && delayMs < MIN_CLICK_DELAY_MS;
    return tooFast || receivedAt - decision.decidedAt < MIN_CLICK_DELAY_MS ? reject : null;
  },
};
