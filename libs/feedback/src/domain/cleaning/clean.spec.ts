import type { IncomingEvent, SealedDecision } from '../types';
import { rejectionOf } from './clean';
import type { Candidate } from './cleaning-rule';
import { tokenForeignRule } from './token-foreign.rule';
import { bannerId, decisionId, placementId, policyVersionId, visitorHash } from '@vitrine/kernel';

const NOW = Date.UTC(2026, 0, 5, 12);
const placement = placementId('home');
const decision: SealedDecision = {
  decisionId: decisionId('01890a5d-ac96-774b-bcce-b302099a8057'),
  placementId: placement,
  slot: 0,
  bannerId: bannerId('b1'),
  layer: 'EXPLOIT',
  propensity: 0.5,
  policyVersionId: policyVersionId(placement, 1),
  stateRevision: 1,
  catalogRevision: 1,
  visitorHash: visitorHash('00112233445566778899aabbccddeeff'),
  decidedAt: NOW - 60_000,
  context: { steps: new Int8Array(0) },
};
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
const calm: IncomingEvent = {
  eventId: 'e1',
  type: 'CLICK',
  occurredAt: NOW - 30_000,
  visitorId: null,
  token: null,
  productId: null,
  category: null,
  value: null,
  dwellMs: null,
  url: null,
  properties: null,
};

function codeOf(event: Partial<IncomingEvent>, over: Partial<Candidate> = {}): string | null {
  return rejectionOf({ event: { ...calm, ...event }, decision, receivedAt: NOW, userAgent: BROWSER, ...over })?.code ?? null;
}

describe('cleaning', () => {
  it('lets a plausible event pass', () => {
    expect(codeOf({})).toBeNull();
  });

  it('refuses money that is not an amount of a currency, and a stay of no length', () => {
    expect(codeOf({ value: { amountMinor: -1, currency: 'EUR' } })).toBe('EVENT_MALFORMED');
    expect(codeOf({ value: { amountMinor: 1, currency: 'eur' } })).toBe('EVENT_MALFORMED');
    expect(codeOf({ type: 'DWELL' })).toBe('EVENT_MALFORMED');
  });

  it('refuses times that nobody can believe, at the very limit only beyond it', () => {
    expect(codeOf({ occurredAt: NOW + 600_000 })).toBeNull();
    expect(codeOf({ occurredAt: NOW + 600_001 })).toBe('CLOCK_SKEW');
    expect(codeOf({ occurredAt: NOW - 30 * 86_400_000 - 1 }, { decision: null })).toBe('CLOCK_SKEW');
    expect(codeOf({ occurredAt: decision.decidedAt - 600_001 })).toBe('CLOCK_SKEW');
  });

  it.each(['Googlebot/2.1 (+http://www.google.com/bot.html)', 'Mozilla/5.0 HeadlessChrome/120.0', 'python-requests/2.31'])(
    'takes %s for a bot',
    (userAgent) => {
      expect(codeOf({}, { userAgent })).toBe('BOT');
    },
  );

  it.each([null, BROWSER, 'okhttp/4.12.0', 'node', 'MyShop/1.0 CFNetwork/1410 Darwin/22'])('takes %s for no bot', (userAgent) => {
    expect(codeOf({}, { userAgent })).toBeNull();
  });

  it('refuses a click faster than a person, by either clock, but not for a clock that runs behind', () => {
    expect(codeOf({ occurredAt: decision.decidedAt + 49 })).toBe('IMPOSSIBLE_TIMING');
    expect(codeOf({ occurredAt: decision.decidedAt + 50 })).toBeNull();
    expect(codeOf({ occurredAt: decision.decidedAt - 5_000 })).toBeNull();
    expect(codeOf({ occurredAt: decision.decidedAt - 5_000 }, { receivedAt: decision.decidedAt + 20 })).toBe('IMPOSSIBLE_TIMING');
    expect(codeOf({ type: 'IMPRESSION', occurredAt: decision.decidedAt + 1 })).toBeNull();
  });

  it('refuses a stay of more than four hours and an amount of more than ten million', () => {
    expect(codeOf({ type: 'DWELL', dwellMs: 4 * 3_600_000 + 1 })).toBe('IMPOSSIBLE_TIMING');
    expect(codeOf({ type: 'PURCHASE', value: { amountMinor: 1_000_000_001, currency: 'EUR' } })).toBe('REWARD_OUT_OF_RANGE');
  });

  it('refuses a token of somebody else, under none of whose ids it was given', () => {
    const other = visitorHash('ff112233445566778899aabbccddeeff');
    expect(tokenForeignRule(decision, [other])?.code).toBe('TOKEN_FOREIGN');
    expect(tokenForeignRule(decision, [other, decision.visitorHash])).toBeNull();
    expect(tokenForeignRule(null, [other])).toBeNull();
    expect(tokenForeignRule(decision, null)).toBeNull();
  });
});
