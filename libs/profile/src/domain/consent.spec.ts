import fc from 'fast-check';
import {
  changeConsent,
  CONSENT_CLOCK_TOLERANCE_MS,
  consentTier,
  grantedThroughout,
  MAX_CONSENT_WORDS,
  mayDo,
  mayKeepProfile,
  mayUse,
  mergeConsent,
} from './consent';
import { CONSENT_STATES, PURPOSES, type Consent } from './types';

const entry = fc.record({
  status: fc.constantFrom(...CONSENT_STATES),
  at: fc.integer({ min: 0, max: 5 }),
  source: fc.constantFrom('banner', 'settings'),
});
const consents: fc.Arbitrary<Consent> = fc.array(fc.tuple(fc.constantFrom(...PURPOSES), entry)).map((list) => Object.fromEntries(list));

describe('consent', () => {
  const granted: Consent = { PERSONALIZATION: { status: 'GRANTED', at: 1, source: 'banner' } };

  it('falls back to the default only where nothing was said', () => {
    expect(mayDo({}, 'TRAINING', 'DENIED')).toBe(false);
    expect(mayDo({}, 'TRAINING', 'GRANTED')).toBe(true);
    expect(
      mayDo(
        changeConsent(granted, [{ purpose: 'PERSONALIZATION', status: 'REVOKED' }], { at: 2, source: 's' }),
        'PERSONALIZATION',
        'GRANTED',
      ),
    ).toBe(false);
  });

  it('chooses the tier by PERSONALIZATION alone', () => {
    expect(consentTier(granted, 'DENIED')).toBe('PERSONALIZED');
    expect(consentTier({ ANALYTICS: { status: 'GRANTED', at: 1, source: 'b' } }, 'DENIED')).toBe('CONTEXT_ONLY');
    expect(consentTier({}, 'GRANTED')).toBe('PERSONALIZED');
  });

  it('lets a profile be kept for ANALYTICS or PERSONALIZATION, not for TRAINING', () => {
    expect(mayKeepProfile(granted, 'DENIED')).toBe(true);
    expect(mayKeepProfile({ ANALYTICS: { status: 'GRANTED', at: 1, source: 'b' } }, 'DENIED')).toBe(true);
    expect(mayKeepProfile({ TRAINING: { status: 'GRANTED', at: 1, source: 'b' } }, 'DENIED')).toBe(false);
  });

  it('takes the newest word even after a fast clock', () => {
    const future: Consent = { ANALYTICS: { status: 'GRANTED', at: 1000, source: 'fast' } };
    const now = changeConsent(future, [{ purpose: 'ANALYTICS', status: 'REVOKED' }], { at: 10, source: 'now' });
    expect(now.ANALYTICS).toMatchObject({ status: 'REVOKED', at: 1001, source: 'now' });
    expect(mergeConsent(future, now)).toEqual(now);
  });

  it('merges by the most recent entry, a tie by the stricter', () => {
    const revoked: Consent = { PERSONALIZATION: { status: 'REVOKED', at: 1, source: 'a' } };
    expect(mergeConsent(granted, revoked)).toMatchObject(revoked);
    expect(mergeConsent(revoked, { PERSONALIZATION: { status: 'GRANTED', at: 2, source: 'b' } })).toMatchObject({
      PERSONALIZATION: { status: 'GRANTED' },
    });
  });

  it('merges commutatively, associatively and idempotently', () => {
    fc.assert(
      fc.property(consents, consents, consents, (a, b, c) => {
        expect(mergeConsent(a, b)).toEqual(mergeConsent(b, a));
        expect(mergeConsent(mergeConsent(a, b), c)).toEqual(mergeConsent(a, mergeConsent(b, c)));
        expect(mergeConsent(a, a)).toEqual(a);
      }),
    );
  });

  const words = fc.array(fc.tuple(fc.constantFrom(...CONSENT_STATES), fc.integer({ min: 1, max: 100 })), { maxLength: 12 });

  it('lets an event be used as the naive definition says, whatever comes in which order', () => {
    fc.assert(
      fc.property(
        words.chain((said) => fc.tuple(fc.constant(said), fc.shuffledSubarray(said, { minLength: said.length }))),
        fc.integer({ min: 0, max: 101 }),
        fc.constantFrom('GRANTED' as const, 'DENIED' as const),
        ([said, arriving], minute, byDefault) => {
          const at = (minutes: number): number => minutes * 60_000;
          const one = (status: (typeof CONSENT_STATES)[number], when: number): Consent => ({
            TRAINING: { status, at: at(when), source: 's' },
          });
          const consent = arriving.map(([status, when]) => one(status, when)).reduce(mergeConsent, {});
          // Strictest last within a minute: the order of the states themselves.
          const ranked = said.toSorted((a, b) => a[1] - b[1] || CONSENT_STATES.indexOf(a[0]) - CONSENT_STATES.indexOf(b[0]));
          const then = ranked.filter(([, when]) => when <= minute).at(-1)?.[0] ?? byDefault;
          const now = ranked.at(-1)?.[0] ?? byDefault;
          expect(mayUse(consent, 'TRAINING', { at: at(minute), byDefault })).toBe(then === 'GRANTED' && now === 'GRANTED');
        },
      ),
    );
  });

  it('does not let a grant reach back, but for a clock that is a little behind', () => {
    const of = (at: number) =>
      mayUse({ PERSONALIZATION: { status: 'GRANTED', at: 60_000, source: 's' } }, 'PERSONALIZATION', { at, byDefault: 'DENIED' });
    expect([of(60_000), of(60_000 - CONSENT_CLOCK_TOLERANCE_MS), of(59_999 - CONSENT_CLOCK_TOLERANCE_MS)]).toEqual([true, true, false]);
  });

  it('keeps the newest words, and grants nothing of before the oldest of them', () => {
    const changes = Array.from({ length: 2 * MAX_CONSENT_WORDS + 1 }, (_, i) => (i % 2 === 0 ? 'GRANTED' : 'DENIED'));
    const consent = changes.reduce<Consent>(
      (known, status, i) =>
        changeConsent(known, [{ purpose: 'TRAINING', status: status === 'GRANTED' ? 'GRANTED' : 'DENIED' }], {
          at: i * 60_000,
          source: 's',
        }),
      {},
    );
    expect(consent.TRAINING?.before).toHaveLength(MAX_CONSENT_WORDS - 1);
    const of = (minute: number) => mayUse(consent, 'TRAINING', { at: minute * 60_000, byDefault: 'GRANTED' });
    expect([of(40), of(39), of(38), of(10)]).toEqual([true, false, true, false]);
  });
});

describe('grantedThroughout', () => {
  const said = (...words: readonly (readonly [at: number, status: (typeof CONSENT_STATES)[number]])[]): Consent =>
    words.reduce<Consent>((known, [at, status]) => changeConsent(known, [{ purpose: 'TRAINING', status }], { at, source: 's' }), {});
  const throughout = (consent: Consent, since: number, byDefault: 'GRANTED' | 'DENIED' = 'DENIED') =>
    grantedThroughout(consent, 'TRAINING', { since, byDefault });

  it('holds from the grant on, not before it', () => {
    const consent = said([10, 'GRANTED']);
    expect([throughout(consent, 9), throughout(consent, 10), throughout(consent, 99)]).toEqual([false, true, true]);
  });

  it('holds no longer once it was taken back, though it was granted again', () => {
    const consent = said([10, 'GRANTED'], [20, 'REVOKED'], [30, 'GRANTED']);
    expect([10, 19, 20, 29, 30].map((since) => throughout(consent, since))).toEqual([false, false, false, false, true]);
    expect(throughout(said([10, 'GRANTED'], [20, 'DENIED']), 10)).toBe(false);
  });

  it('is not broken by a grant that is said once more', () => {
    expect(throughout(said([10, 'GRANTED'], [20, 'GRANTED']), 15)).toBe(true);
  });

  it('holds by default until something else is said', () => {
    expect([throughout({}, 5, 'GRANTED'), throughout({}, 5, 'DENIED')]).toEqual([true, false]);
    expect(throughout(said([10, 'GRANTED']), 5, 'GRANTED')).toBe(true);
    expect(throughout(said([10, 'DENIED'], [20, 'GRANTED']), 5, 'GRANTED')).toBe(false);
  });
});
