import fc from 'fast-check';
import { visitorHash, visitorId, type VisitorHash, type VisitorId } from '@vitrine/kernel';
import { emptyFeatures, readFeatures, type BehaviouralFeatures } from './features/feature-catalogue';
import { mergeProfiles, newProfile, withConsent } from './profile';
import { profileEvents } from './profile-event.fixture';
import type { ProfileEvent } from './profile-event';
import type { Consent, Profile, Purpose } from './types';
import { learnFrom, unmergeProfile, type LearnedEvent } from './unmerge';

const NOW = Date.UTC(2026, 1, 1);
const IDS = ['anna', 'berta', 'user-1', 'dora'].map(visitorId);
const hashOf = (id: VisitorId): VisitorHash => visitorHash(Buffer.from(id.padEnd(16, '.')).toString('hex'));
const ALL: readonly Purpose[] = ['ANALYTICS', 'PERSONALIZATION', 'TRAINING'];

const id = fc.constantFrom(...IDS);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('learn' as const), id, events: profileEvents }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('merge' as const), id, other: id }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('unmerge' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), id }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What the store does, in memory: profiles, and what each id taught. */
class World {
  private profiles: Profile[] = IDS.map((alias, i) =>
    newProfile({ id: `p${i}`, alias, userId: alias.startsWith('user') ? alias : null, nowMs: i }),
  );
  private history: LearnedEvent[] = [];
  /** The slow truth: everything an id did that was not forgotten. */
  readonly did = new Map<VisitorId, ProfileEvent[]>(IDS.map((alias) => [alias, []]));
  private serial = 0;

  of(alias: VisitorId): Profile {
    const found = this.profiles.find(({ aliases }) => aliases.includes(alias));
    if (found === undefined) throw new TypeError('every id has a profile');
    return found;
  }

  take(one: Step): void {
    const profile = this.of(one.id);
    if (one.do === 'learn') this.learn(profile, one.id, one.events);
    else if (one.do === 'merge') this.merge(profile, this.of(one.other));
    else if (one.do === 'unmerge') this.unmerge(profile, one.id);
    else this.forget(profile);
  }

  private learn(profile: Profile, alias: VisitorId, events: readonly ProfileEvent[]): void {
    const learned = events.map((event) => ({ visitorHash: hashOf(alias), event, purposes: ALL }));
    this.history.push(...learned);
    this.did.get(alias)?.push(...events);
    this.put([profile], [{ ...profile, features: learnFrom(profile.features, learned), version: profile.version + 1 }]);
  }

  private merge(a: Profile, b: Profile): void {
    if (a.id !== b.id) this.put([a, b], [mergeProfiles(a, b)]);
  }

  private unmerge(profile: Profile, leaving: VisitorId): void {
    if (profile.aliases.length < 2) return;
    const learned = this.history.filter((row) => profile.aliases.some((alias) => hashOf(alias) === row.visitorHash));
    const taking = { leaving, hash: hashOf(leaving), id: `q${this.serial++}`, nowMs: 1_000 + this.serial };
    const { kept, taken } = unmergeProfile(profile, learned, taking);
    this.put([profile], [kept, taken]);
  }

  private forget(profile: Profile): void {
    const said = (status: 'DENIED' | 'GRANTED'): Consent => ({ PERSONALIZATION: { status, at: this.serial++, source: 'test' } });
    this.put([profile], [withConsent(withConsent(profile, said('DENIED')), said('GRANTED'))]);
    for (const alias of profile.aliases) {
      this.history = this.history.filter((row) => row.visitorHash !== hashOf(alias));
      this.did.set(alias, []);
    }
  }

  private put(before: readonly Profile[], after: readonly Profile[]): void {
    this.profiles = [...this.profiles.filter((profile) => !before.includes(profile)), ...after];
  }
}

describe('telling ids apart again', () => {
  it('whatever is learned, merged, parted and forgotten in whatever order, everybody knows what their own ids did', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), fc.integer(), (steps, seed) => {
        const world = new World();
        for (const one of steps) world.take(one);
        for (const alias of IDS) {
          const { aliases, features } = world.of(alias);
          const events = aliases.flatMap((own) => world.did.get(own) ?? []);
          expectSame(features, recomputed(events, seed));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('leaves what cannot be told apart with whoever is signed in, and consent with both', () => {
    const base = newProfile({ id: 'p', alias: visitorId('anna'), userId: 'user-1', nowMs: 1 });
    const consent: Consent = { PERSONALIZATION: { status: 'GRANTED', at: 1, source: 'test' } };
    const profile: Profile = {
      ...base,
      aliases: ['anna', 'user-1'].map(visitorId),
      traits: { plan: 'gold' },
      traitTimes: { plan: 1 },
      device: 'MOBILE',
      consent,
    };
    const part = (leaving: VisitorId) => unmergeProfile(profile, [], { leaving, hash: hashOf(leaving), id: 'q', nowMs: 9 });
    expect(part(visitorId('anna'))).toMatchObject({
      kept: { id: 'p', userId: 'user-1', aliases: ['user-1'], traits: { plan: 'gold' }, device: 'MOBILE', consent, version: 2 },
      taken: { id: 'q', userId: null, aliases: ['anna'], traits: {}, device: null, consent },
    });
    expect(part(visitorId('user-1'))).toMatchObject({
      kept: { id: 'p', userId: null, aliases: ['anna'], traits: {}, device: null, consent },
      taken: { id: 'q', userId: 'user-1', aliases: ['user-1'], traits: { plan: 'gold' }, device: 'MOBILE', consent },
    });
  });
});

/** From all events at once, in an order of its own. */
function recomputed(events: readonly ProfileEvent[], seed: number): BehaviouralFeatures {
  const rank = (i: number): number => Math.imul(i + 1, seed | 1) >>> 0;
  const shuffled = events.map((event, i) => ({ event, purposes: ALL, rank: rank(i) })).toSorted((a, b) => a.rank - b.rank);
  return learnFrom(emptyFeatures(), shuffled);
}

function expectSame(actual: BehaviouralFeatures, expected: BehaviouralFeatures): void {
  const [a, b] = [readFeatures(actual, NOW), readFeatures(expected, NOW)];
  for (const [name, value] of b) expectClose(a.get(name), value, name);
}

function expectClose(actual: unknown, expected: unknown, at: string): void {
  if (typeof expected === 'number' && typeof actual === 'number') {
    expect([at, Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected))]).toEqual([at, true]);
  } else if (Array.isArray(expected) && Array.isArray(actual)) {
    expect([at, actual.length]).toEqual([at, expected.length]);
    expected.forEach((one, i) => expectClose(actual[i], one, `${at}.${i}`));
  } else if (typeof expected === 'object' && expected !== null && typeof actual === 'object' && actual !== null) {
    const there = new Map(Object.entries(actual));
    for (const [key, one] of Object.entries(expected)) expectClose(there.get(key), one, `${at}.${key}`);
  } else expect([at, actual]).toEqual([at, expected]);
}
