import fc from 'fast-check';
import { changeConsent, consentTier, mayDo, mayKeepProfile, mergeConsent } from './consent';
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
    expect(now.ANALYTICS).toEqual({ status: 'REVOKED', at: 1001, source: 'now' });
    expect(mergeConsent(future, now)).toEqual(now);
  });

  it('merges by the most recent entry, a tie by the stricter', () => {
    const revoked: Consent = { PERSONALIZATION: { status: 'REVOKED', at: 1, source: 'a' } };
    expect(mergeConsent(granted, revoked)).toEqual(revoked);
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
});
