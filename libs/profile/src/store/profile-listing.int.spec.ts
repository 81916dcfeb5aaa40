import { visitorId } from '@vitrine/kernel';
import { createPersonalSealer, runMigrations } from '@vitrine/platform';
import { fakeClock, useMongo } from '@vitrine/testing';
import { ListProfiles, type ListProfilesCommand } from '../application/read-profiles';
import { INDEXED_FEATURES } from '../domain/features/facts';
import { applyEvents, emptyFeatures } from '../domain/features/feature-catalogue';
import { newProfile } from '../domain/profile';
import { aProfileEvent } from '../domain/profile-event.fixture';
import { CONSENT_STATES, PURPOSES, type Consent, type Profile } from '../domain/types';
import { prepareListing } from './listing.migration';
import { MongoProfileRepository } from './mongo-profile.repository';
import { ProfileEventApplier } from './profile-event-applier';
import { fromProfile } from './profile.mapper';
import { profileMigrations } from './profile.migrations';
import { createVisitorHasher } from './visitor-hasher';

const hasher = createVisitorHasher(new Uint8Array(32));
const PEOPLE = 240;
const FIRST = 7;
const OPEN: Omit<ListProfilesCommand, 'first' | 'after'> = {
  segmentId: null,
  seenFrom: null,
  seenBefore: null,
  consent: null,
  features: [],
  direction: 'DESCENDING',
};

/** Person `i`: every third never seen, bought `i % 4` times, one of two segments or none; half of them said something about TRAINING. */
function person(i: number): Profile {
  const alias = visitorId(`alias-${i}`);
  const bought = Array.from({ length: i % 4 }, (_, n) =>
    aProfileEvent({ type: 'PURCHASE', occurredAt: 1_000 + i, valueMinor: 100 * (i + n) }),
  );
  const back = i % 5 === 0 ? [aProfileEvent({ type: 'REFUND', valueMinor: 70_000.5 })] : [];
  const viewed = i % 3 === 0 ? [] : [aProfileEvent({ type: 'PRODUCT_VIEW', occurredAt: 1_000 + Math.floor(i / 10) })];
  const said: Consent = i % 2 === 0 ? {} : { TRAINING: { status: CONSENT_STATES[i % 3] ?? 'DENIED', at: 1, source: 's' } };
  return {
    ...newProfile({ id: `p${String(i).padStart(4, '0')}`, alias, userId: null, nowMs: 0 }),
    features: applyEvents(emptyFeatures(), [...bought, ...back, ...viewed]),
    consent: said,
    segment: i % 4 === 3 ? null : { segmentId: i % 2 === 0 ? 'even' : 'odd', modelVersion: 1 },
  };
}

const people = Array.from({ length: PEOPLE }, (_, i) => person(i));
const range = (name: string, min: number | null = null, max: number | null = null) => ({ features: [{ name, min, max }] });

/** Every combination that is accepted, each with what it should find, said plainly. */
const LISTS: readonly (readonly [string, Partial<ListProfilesCommand>, (profile: Profile) => boolean])[] = [
  ['everybody', {}, () => true],
  ['last seen', { seenFrom: 1_005, seenBefore: 1_015 }, (p) => seen(p) >= 1_005 && seen(p) < 1_015],
  ['a segment', { segmentId: 'even' }, (p) => p.segment?.segmentId === 'even'],
  [
    'a segment and last seen',
    { segmentId: 'odd', seenFrom: 1_003, seenBefore: 1_020 },
    (p) => p.segment?.segmentId === 'odd' && seen(p) >= 1_003 && seen(p) < 1_020,
  ],
  ...PURPOSES.map((purpose): (typeof LISTS)[number] => [
    `consent to ${purpose}`,
    { consent: { purpose, status: 'REVOKED' } },
    (p) => p.consent[purpose]?.status === 'REVOKED',
  ]),
  [
    'consent and last seen',
    { consent: { purpose: 'TRAINING', status: 'GRANTED' }, seenFrom: 1_001 },
    (p) => p.consent.TRAINING?.status === 'GRANTED' && seen(p) >= 1_001,
  ],
  ...INDEXED_FEATURES.flatMap((name): (typeof LISTS)[number][] => [
    [`${name} in any range`, range(name), (p) => fact(p, name) !== null],
    [`${name} from 1`, range(name, 1), (p) => within(fact(p, name), 1, Infinity)],
    [
      `${name} from 0 to 2,000 in a segment`,
      { segmentId: 'even', ...range(name, 0, 2_000) },
      (p) => p.segment?.segmentId === 'even' && within(fact(p, name), 0, 2_000),
    ],
  ]),
];

const sealer = createPersonalSealer([{ id: 1, key: new Uint8Array(32) }]);

describe('a list of profiles', () => {
  const mongo = useMongo();
  beforeAll(async () => {
    await runMigrations(mongo.connection(), profileMigrations);
    await mongo
      .connection()
      .collection('profiles')
      .insertMany(people.map((profile) => ({ ...fromProfile(profile, sealer) })) as never);
  });
  const setUp = () => {
    const profiles = new MongoProfileRepository({
      connection: mongo.connection(),
      hasher,
      sealer,
      clock: fakeClock(),
      loadRefusals: false,
    });
    const list = new ListProfiles({ profiles });
    return (over: Partial<ListProfilesCommand>) => list.execute({ ...OPEN, first: FIRST, after: null, ...over });
  };

  it.each(LISTS)('of %s gives everybody once, in order, forwards and backwards', async (_, conditions, belongs) => {
    const list = setUp();
    const walk = async (direction: ListProfilesCommand['direction']): Promise<readonly Profile[]> => {
      const found: Profile[] = [];
      for (let after: string | null = null; ;) {
        const page = await list({ ...conditions, direction, after });
        found.push(...page.edges.map(({ profile }) => profile));
        after = page.edges.at(-1)?.cursor ?? null;
        if (!page.hasNextPage) return found;
      }
    };
    const down = await walk('DESCENDING');
    const name = conditions.features?.[0]?.name ?? null;
    const place = (p: Profile): number => (name === null ? seen(p) : (fact(p, name) ?? NaN));
    const expected = people.filter(belongs).toSorted((a, b) => place(b) - place(a) || (a.id < b.id ? 1 : -1));
    expect(down.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    expect((await walk('ASCENDING')).map(({ id }) => id)).toEqual(expected.map(({ id }) => id).toReversed());
  });

  it.each(LISTS)('of %s is read off an index: no scan, no sort, nothing read that is not answered', async (_, conditions) => {
    const work = await workOf(async () => {
      const list = setUp();
      const first = await list(conditions);
      const after = first.edges[Math.floor(first.edges.length / 2)]?.cursor ?? null;
      if (after !== null) await list({ ...conditions, after });
    });
    expect(work.length).toBeGreaterThan(0);
    for (const { planSummary, hasSortStage, docsExamined, keysExamined, nreturned } of work) {
      expect(planSummary).toMatch(/^IXSCAN/);
      expect(hasSortStage).toBeUndefined();
      expect(docsExamined).toBe(nreturned);
      expect(keysExamined).toBeLessThanOrEqual(nreturned + 2);
    }
  });

  it('orders by what the last event changed', async () => {
    const clock = fakeClock();
    const applier = new ProfileEventApplier({
      connection: mongo.connection(),
      hasher,
      sealer,
      clock,
      newId: () => 'new',
      consentDefault: 'GRANTED',
    });
    const newcomer = visitorId('newcomer');
    const richest = async () => (await setUp()({ ...range('monetaryMinor'), first: 1 })).edges[0]?.profile.id;
    for (const [valueMinor, first] of [
      [1, 'p0239'],
      [10_000_000, 'new'],
    ] as const) {
      const events = [aProfileEvent({ type: 'PURCHASE', occurredAt: 9_000, valueMinor })];
      await mongo.inTransaction((session) => applier.apply(session, [{ visitorId: newcomer, events }]));
      expect(await richest()).toBe(first);
    }
    await mongo.connection().collection<{ _id: string }>('profiles').deleteOne({ _id: 'new' });
  });

  it('finds profiles of before facts once they are prepared, which may happen twice', async () => {
    const rows = mongo.connection().collection<{ _id: string }>('profiles');
    await rows.updateMany({}, { $unset: { facts: 1 } });
    const buyers = async () => (await setUp()({ ...range('purchases', 3), first: 100 })).edges.length;
    expect(await buyers()).toBe(0);
    await prepareListing(mongo.connection());
    await prepareListing(mongo.connection());
    expect(await buyers()).toBe(PEOPLE / 4);
    expect(await rows.countDocuments({ facts: { $exists: false } })).toBe(0);
  });

  /** What the server did for the finds of `run`, as its profiler saw it. */
  async function workOf(run: () => Promise<void>): Promise<readonly FindWork[]> {
    const { db } = mongo.connection();
    if (db === undefined) throw new RangeError('connected');
    await db.command({ profile: 0 });
    await db.dropCollection('system.profile').catch(() => undefined);
    await db.command({ profile: 2 });
    await run();
    await db.command({ profile: 0 });
    return db
      .collection<FindWork>('system.profile')
      .find({ op: 'query', ns: `${db.databaseName}.profiles` })
      .toArray();
  }
});

interface FindWork {
  readonly planSummary: string;
  /** Absent where nothing was sorted. */
  readonly hasSortStage?: boolean;
  readonly docsExamined: number;
  readonly keysExamined: number;
  readonly nreturned: number;
}

function seen({ features }: Profile): number {
  return features.visit.lastSeenAt ?? 0;
}

function fact({ features: { visit, purchase, engagement, cart } }: Profile, name: string): number | null {
  const plain: Readonly<Record<string, number | null>> = {
    visits: visit.history.recent.length,
    purchases: purchase.purchases,
    monetaryMinor: purchase.monetaryMinor,
    lastPurchaseAt: purchase.lastPurchaseAt,
    productViews: engagement.productViews,
    cartAdditions: cart.added.length,
  };
  return plain[name] ?? null;
}

const within = (value: number | null, min: number, max: number): boolean => value !== null && value >= min && value <= max;
