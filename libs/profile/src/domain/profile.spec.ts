import fc from 'fast-check';
import { visitorId } from '@vitrine/kernel';
import { applyEvents, emptyFeatures } from './features/feature-catalogue';
import { MAX_ALIASES, mergeProfiles, newProfile, withAliases, withConsent } from './profile';
import { aProfileEvent, profileEvents } from './profile-event.fixture';
import { patchTraits } from './traits';
import type { Profile } from './types';

function aProfile(id: string, over: Partial<Profile> = {}): Profile {
  return { ...newProfile({ id, alias: visitorId(`alias-${id}`), userId: null, nowMs: 1000 }), ...over };
}

const withEvents = (id: string, createdAt: number) =>
  profileEvents.map((events): Profile =>
    aProfile(id, { createdAt, features: applyEvents(emptyFeatures(), events), ...patchTraits(aProfile(id), { who: id }, createdAt) }),
  );

/** Decayed values differ in the last digit by the order of additions. */
function rounded(profile: Profile): unknown {
  return JSON.parse(
    JSON.stringify(profile, (key, value: unknown) => (key === 'value' && typeof value === 'number' ? Number(value.toPrecision(9)) : value)),
  );
}

describe('merging profiles', () => {
  it('is commutative and associative', () => {
    fc.assert(
      fc.property(withEvents('a', 3), withEvents('b', 1), withEvents('c', 2), (a, b, c) => {
        expect(rounded(mergeProfiles(a, b))).toEqual(rounded(mergeProfiles(b, a)));
        expect(rounded(mergeProfiles(mergeProfiles(a, b), c))).toEqual(rounded(mergeProfiles(a, mergeProfiles(b, c))));
      }),
      { numRuns: 50 },
    );
  });

  it('of one profile with itself gives its newer copy', () => {
    const old = aProfile('a', { version: 3 });
    const fresh = aProfile('a', { version: 4, features: applyEvents(emptyFeatures(), [aProfileEvent({ type: 'CLICK' })]) });
    expect(mergeProfiles(old, fresh)).toBe(fresh);
    expect(mergeProfiles(fresh, fresh)).toBe(fresh);
  });

  it('keeps the signed-in profile, else the older one', () => {
    const user = aProfile('u', { userId: 'u1', createdAt: 50 });
    const older = aProfile('o', { createdAt: 10 });
    const younger = aProfile('y', { createdAt: 20 });
    expect(mergeProfiles(older, user)).toMatchObject({ id: 'u', userId: 'u1', createdAt: 10, aliases: ['alias-o', 'alias-u'] });
    expect(mergeProfiles(younger, older).id).toBe('o');
  });

  it('refuses two users', () => {
    expect(() => mergeProfiles(aProfile('a', { userId: 'u1' }), aProfile('b', { userId: 'u2' }))).toThrow(
      expect.objectContaining({ code: 'IDENTITY_CONFLICT' }),
    );
  });

  it('forgets behaviour and traits of both when the newer word on PERSONALIZATION is no', () => {
    const features = applyEvents(emptyFeatures(), [aProfileEvent({ type: 'CLICK', category: 'hats', occurredAt: 5 })]);
    const yes = aProfile('a', { features, consent: { PERSONALIZATION: { status: 'GRANTED', at: 1, source: 's' } } });
    const no = aProfile('b', { consent: { PERSONALIZATION: { status: 'REVOKED', at: 2, source: 's' } } });
    expect(mergeProfiles(yes, no)).toMatchObject({ features: emptyFeatures(), consent: no.consent });
  });
});

describe('a profile', () => {
  it('is cleared by a refusal of PERSONALIZATION, not of ANALYTICS', () => {
    const full = aProfile('a', {
      ...patchTraits(aProfile('a'), { plan: 'gold' }, 1),
      device: 'MOBILE',
      segment: { segmentId: 'seg-1', modelVersion: 1 },
    });
    expect(withConsent(full, { ANALYTICS: { status: 'DENIED', at: 1, source: 's' } }).traits).toEqual({ plan: 'gold' });
    expect(withConsent(full, { PERSONALIZATION: { status: 'DENIED', at: 1, source: 's' } })).toMatchObject({
      traits: {},
      traitTimes: {},
      device: null,
      segment: null,
      aliases: ['alias-a'],
    });
  });

  it('has a bounded number of ids', () => {
    const ids = Array.from({ length: MAX_ALIASES }, (_, i) => visitorId(`v${i}`));
    expect(withAliases(aProfile('a'), ids.slice(1)).aliases).toHaveLength(MAX_ALIASES);
    expect(() => withAliases(aProfile('a'), ids)).toThrow(expect.objectContaining({ code: 'IDENTITY_CONFLICT' }));
  });
});
