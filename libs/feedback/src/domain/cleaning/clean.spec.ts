import type { IncomingEvent, SealedDecision } from '../types';
import { createCleaning, type CleaningSettings } from './clean';
import type { Candidate, CleaningRuleName } from './cleaning-rule';
import { isClickWithoutImpression } from './click-without-impression.rule';
import { repeatsIn } from './duplicate.rule';
import { newTrial, trialKey } from '../trial';
import { tokenForeignRule } from './token-foreign.rule';
import { bannerId, decisionId, placementId, policyVersionId, visitorHash, visitorId } from '@vitrine/kernel';

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

const SETTINGS: CleaningSettings = {
  disabled: [],
  currency: 'EUR',
  rates: new Map([
    ['USD', 0.5],
    ['JPY', 0.01],
  ]),
  maxValueMinor: 1_000_000,
  maxDwellMs: 1_800_000,
};

function judged(event: Partial<IncomingEvent>, over: Partial<Candidate> = {}, disabled: readonly CleaningRuleName[] = []) {
  const { judge } = createCleaning({ ...SETTINGS, disabled });
  return judge({ event: { ...calm, ...event }, decision, receivedAt: NOW, userAgent: BROWSER, internal: false, ...over });
}

function codeOf(event: Partial<IncomingEvent>, over: Partial<Candidate> = {}): string | null {
  const judgement = judged(event, over);
  return judgement.kind === 'REJECTED' ? judgement.rejection.code : null;
}

const money = (amountMinor: number, currency = 'EUR') => ({ type: 'PURCHASE' as const, value: { amountMinor, currency } });
const anna = { visitorId: visitorId('anna') };

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

  it('refuses a stay of more than four hours, and caps a shorter one that is still too long', () => {
    expect(codeOf({ type: 'DWELL', dwellMs: 4 * 3_600_000 + 1 })).toBe('IMPOSSIBLE_TIMING');
    expect(judged({ type: 'DWELL', dwellMs: 4 * 3_600_000 })).toMatchObject({
      event: { dwellMs: 1_800_000 },
      notes: [{ rule: 'outlier', was: 4 * 3_600_000 }],
    });
  });

  it('caps an amount at the limit, keeps the event and remembers what it said', () => {
    expect(judged(money(1_000_000))).toMatchObject({ kind: 'CLEAN', notes: [] });
    expect(judged(money(1_000_001))).toMatchObject({
      kind: 'CLEAN',
      event: { value: { amountMinor: 1_000_000, currency: 'EUR' } },
      notes: [{ rule: 'outlier', was: { amountMinor: 1_000_001, currency: 'EUR' } }],
    });
  });

  it('turns money into the currency of the shop, minor digits respected, and caps it only then', () => {
    expect(judged(money(1_001, 'USD'))).toMatchObject({ event: { value: { amountMinor: 501, currency: 'EUR' } } });
    expect(judged(money(1_000, 'JPY'))).toMatchObject({ event: { value: { amountMinor: 1_000, currency: 'EUR' } } });
    expect(judged(money(1_900_000, 'USD'))).toMatchObject({ event: { value: { amountMinor: 950_000 } }, notes: [{ rule: 'currency' }] });
    expect(codeOf(money(1, 'CHF'))).toBe('CURRENCY_UNKNOWN');
  });

  const sameDeed = [
    { ...calm, ...anna },
    { ...calm, ...anna, eventId: 'e2' },
  ];
  const spree = Array.from({ length: 31 }, (_, at) => ({ ...calm, ...anna, eventId: `s${at}`, occurredAt: NOW + at * 96 }));

  it.each<[CleaningRuleName, Partial<IncomingEvent>, Partial<Candidate>]>([
    ['bot', {}, { userAgent: 'Googlebot/2.1' }],
    ['internal-traffic', {}, { internal: true }],
    ['schema', { type: 'DWELL' }, {}],
    ['clock-skew', { occurredAt: NOW + 600_001 }, {}],
    ['impossible-timing', { occurredAt: decision.decidedAt + 20 }, {}],
    ['impossible-timing', { type: 'DWELL', dwellMs: 9 * 3_600_000 }, {}],
    ['currency', money(1, 'CHF'), {}],
    ['currency', money(1, 'USD'), {}],
    ['outlier', money(2_000_000), {}],
    ['outlier', { type: 'DWELL', dwellMs: 1_800_001 }, {}],
  ])('%s does its work when it is on, and nothing when it is switched off', (rule, event, over) => {
    const on = judged(event, over);
    expect(on.kind === 'REJECTED' ? [on.rejection.rule] : on.notes.map((note) => note.rule)).toEqual([rule]);
    const others: readonly CleaningRuleName[] = rule === 'impossible-timing' ? ['outlier'] : [];
    expect(judged(event, over, [rule, ...others])).toEqual({ kind: 'CLEAN', event: { ...calm, ...event }, notes: [] });
  });

  it.each<[CleaningRuleName, readonly IncomingEvent[], number]>([
    ['duplicate', sameDeed, 1],
    ['bot-rate', spree, 31],
  ])('%s judges what came together when it is on, and not when it is switched off', (rule, events, count) => {
    const on = createCleaning(SETTINGS).judgeTogether(events);
    expect([...on.values()].map((rejection) => rejection.rule)).toEqual(Array.from({ length: count }, () => rule));
    expect(createCleaning({ ...SETTINGS, disabled: [rule] }).judgeTogether(events).size).toBe(0);
  });

  it('lets thirty deeds in three seconds pass, and any number of showings or of nobody in particular', () => {
    const { judgeTogether } = createCleaning(SETTINGS);
    expect(judgeTogether(spree.slice(0, 30)).size).toBe(0);
    expect(judgeTogether(spree.map((event) => ({ ...event, type: 'IMPRESSION' as const }))).size).toBe(0);
    expect(judgeTogether(spree.map((event) => ({ ...event, visitorId: null }))).size).toBe(0);
    expect(judgeTogether(spree.map((event, at) => ({ ...event, occurredAt: NOW + at * 100 }))).size).toBe(0);
  });

  it('takes nothing for a repetition that differs in anything but its id, or comes from nobody in particular', () => {
    const { judgeTogether } = createCleaning(SETTINGS);
    expect(
      judgeTogether([
        { ...calm, ...anna },
        { ...calm, ...anna, eventId: 'e2', productId: 'p' },
      ]).size,
    ).toBe(0);
    expect(judgeTogether([calm, { ...calm, eventId: 'e2' }]).size).toBe(0);
  });

  it('tells an id that was sent again from a chunk that runs again and from what comes out of quarantine', () => {
    const chunk = { partition: 0, receivedAt: NOW, userAgent: null, signedIn: false, events: [calm], refused: [] };
    expect(repeatsIn(chunk, new Map([['e1', NOW - 1]]))).toEqual(['e1']);
    expect(repeatsIn({ ...chunk, repeated: ['e1', 'e0'] }, new Map([['e1', NOW - 1]]))).toEqual(['e1', 'e0']);
    expect(repeatsIn(chunk, new Map([['e1', NOW]]))).toEqual([]);
    expect(repeatsIn(chunk, new Map())).toEqual([]);
    const redriven = [{ eventId: 'e1', quarantineId: 'q', rule: 'bot' }];
    expect(repeatsIn({ ...chunk, redriven }, new Map([['e1', NOW - 1]]))).toEqual([]);
  });

  it('takes a click for one without an impression until its decision is proven to be shown', () => {
    const key = trialKey(decision);
    const click = { event: calm, decision };
    const trials = (activatedAt: number | null) => new Map([[key, { ...newTrial(key), activatedAt }]]);
    expect(isClickWithoutImpression(click, trials(null))).toBe(true);
    expect(isClickWithoutImpression(click, trials(NOW))).toBe(false);
    expect(isClickWithoutImpression(click, new Map())).toBe(false);
    expect(isClickWithoutImpression({ ...click, decision: null }, trials(null))).toBe(false);
    expect(isClickWithoutImpression({ ...click, event: { ...calm, type: 'PURCHASE' } }, trials(null))).toBe(false);
  });

  it('refuses to start with a rule that it does not know', () => {
    expect(() => createCleaning({ ...SETTINGS, disabled: ['bots'] })).toThrow(/no rule "bots"/);
  });

  it('lets the verdict of a rule over a whole chunk stand for as long as the rule is on', () => {
    expect(createCleaning(SETTINGS).standing('bot-rate')).toEqual({ rule: 'bot-rate', code: 'BOT' });
    expect(createCleaning({ ...SETTINGS, disabled: ['bot-rate'] }).standing('bot-rate')).toBeNull();
    expect(createCleaning(SETTINGS).standing('bot')).toBeNull();
  });

  it('refuses a token of somebody else, under none of whose ids it was given', () => {
    const other = visitorHash('ff112233445566778899aabbccddeeff');
    expect(tokenForeignRule(decision, [other])?.code).toBe('TOKEN_FOREIGN');
    expect(tokenForeignRule(decision, [other, decision.visitorHash])).toBeNull();
    expect(tokenForeignRule(null, [other])).toBeNull();
    expect(tokenForeignRule(decision, null)).toBeNull();
  });
});
