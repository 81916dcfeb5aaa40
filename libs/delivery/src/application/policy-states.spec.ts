import { bannerId, placementId, policyVersionId, type PlacementId } from '@vitrine/kernel';
import { countsFamily, layoutOf, type PlacementPrior, type PriorRevision } from '@vitrine/bandit';
import type { PolicyVersion } from '@vitrine/catalog';
import type { ArmStatistics, PolicyStateDelta } from '@vitrine/feedback';
import { aVersion } from '../fixtures';
import { PolicyStates } from './policy-states';

const HERO = placementId('home-hero');
const B0 = bannerId('b00');
const versionNumber = (number: number): PolicyVersion =>
  aVersion({ id: policyVersionId(HERO, number), number, policy: { name: 'beta-thompson', params: {}, floor: 0 } });

/** Counts of a banner after that many rewarded trials. */
function counts(trials: number): Float64Array {
  const statistics = new Float64Array(countsFamily.length);
  for (let i = 0; i < trials; i++)
    countsFamily.fold(statistics, { kind: 'TRIAL', context: NO_CONTEXT, reward: 1, before: 0, propensity: 1, at: 0, key: i });
  return statistics;
}
const NO_CONTEXT = new Float64Array(0);
const live = (version: PolicyVersion): ReadonlyMap<PlacementId, PolicyVersion> => new Map([[HERO, version]]);

/** Of a world where an average banner earns so much. */
function priorOf(mean: number): PriorRevision {
  const nothing = { between: 0, bases: {} };
  const global = { mean, variance: 0.01, trials: 100 };
  return { format: 1, noise: 0.1, global, surface: nothing, placement: nothing, groups: {}, banner: { between: 0.01, degrees: 3 } };
}

/** A database of states that can be taken away. */
class FakeStates {
  readonly revisions = new Map<string, number>();
  readonly arms: ArmStatistics[] = [];
  layout = layoutOf(countsFamily);
  priorId: string | null = null;
  away = false;
  loads = 0;
  hold: Promise<void> | null = null;

  readonly priorsRead: string[] = [];

  async readPrior(id: string): Promise<PlacementPrior> {
    this.priorsRead.push(id);
    return { placementId: HERO, surface: 'HOME', revision: priorOf(id === 'high' ? 0.9 : 0.1) };
  }

  async load(versionId: PolicyVersion['id'], since: number): Promise<PolicyStateDelta | null> {
    this.loads++;
    const revision = this.revisions.get(versionId);
    const arms = this.arms.filter((arm) => arm.revision > since);
    if (this.hold !== null) await this.hold;
    if (this.away) throw new RangeError('no database');
    return revision === undefined
      ? null
      : { head: { versionId, revision, cursor: revision, entries: 1, layout: this.layout, priorId: this.priorId, updatedAt: 0 }, arms };
  }
}

function setUp() {
  const database = new FakeStates();
  const faults: string[] = [];
  const reasons: unknown[] = [];
  const states = new PolicyStates(database, {
    report: (fault, error, subject) => {
      faults.push(`${fault} ${subject}`);
      reasons.push(error);
    },
  });
  return { database, faults, reasons, states };
}

describe('PolicyStates', () => {
  it('serves a version that nobody has learned from yet at revision 0', async () => {
    const { states } = setUp();
    await states.follow(live(versionNumber(1)));
    expect(states.get(HERO)?.state?.revision).toBe(0);
  });

  it('takes over a newer revision whole, and a decision that holds the older one keeps it', async () => {
    const { states, database } = setUp();
    await states.follow(live(versionNumber(1)));
    const held = states.get(HERO);
    database.revisions.set('home-hero@1', 3);
    database.arms.push({ bannerId: B0, revision: 3, statistics: counts(42) });
    states.notice({ kind: 'state', id: 'home-hero@1', revision: 3 });
    await states.refreshAll();
    expect(states.get(HERO)?.state?.revision).toBe(3);
    expect(held?.state?.revision).toBe(0);
    expect(states.get(HERO)?.state?.arm(B0)).not.toEqual(held?.state?.arm(B0));
  });

  it('takes over another prior with the revision that names it, and reads each once', async () => {
    const { states, database } = setUp();
    const pooled = (): unknown => states.get(HERO)?.state?.pool();
    database.revisions.set('home-hero@1', 1);
    await states.follow(live({ ...versionNumber(1), policy: { name: 'hierarchical-thompson', params: {}, floor: 0 } }));
    const alone = pooled();
    for (const [revision, id] of ['low', 'low', 'high'].entries()) {
      database.priorId = id;
      database.revisions.set('home-hero@1', revision + 2);
      const before = pooled();
      await states.refreshAll();
      expect(pooled()).not.toEqual(revision === 1 ? alone : before);
    }
    expect(database.priorsRead).toEqual(['low', 'high']);
  });

  it('keeps models of banners that did not change', async () => {
    const { states, database } = setUp();
    database.revisions.set('home-hero@1', 1);
    await states.follow(live(versionNumber(1)));
    const before = states.get(HERO)?.state?.arm(bannerId('b01'));
    database.revisions.set('home-hero@1', 2);
    await states.refreshAll();
    expect(states.get(HERO)?.state?.revision).toBe(2);
    expect(before).toBeDefined();
    expect(states.get(HERO)?.state?.arm(bannerId('b01'))).toBe(before);
  });

  it('keeps serving the old state while the database is away, and says so', async () => {
    const { states, database, faults } = setUp();
    database.revisions.set('home-hero@1', 3);
    await states.follow(live(versionNumber(1)));
    database.away = true;
    await states.refreshAll();
    expect(states.get(HERO)?.state?.revision).toBe(3);
    expect(faults).toEqual(['policy-state home-hero@1']);
    database.away = false;
    database.revisions.set('home-hero@1', 4);
    await states.refreshAll();
    expect(states.get(HERO)?.state?.revision).toBe(4);
  });

  it('refuses statistics of another layout, names both and keeps what it serves', async () => {
    const { states, database, reasons } = setUp();
    database.revisions.set('home-hero@1', 3);
    await states.follow(live(versionNumber(1)));
    database.layout = 'counts/1/2';
    database.revisions.set('home-hero@1', 4);
    await states.refreshAll();
    expect(states.get(HERO)?.state?.revision).toBe(3);
    expect(reasons).toEqual([
      expect.objectContaining({ code: 'STATE_VERSION_MISMATCH', message: expect.stringMatching('counts/1/2.*counts/2/3') }),
    ]);
  });

  it('serves a version without a state when none was ever read', async () => {
    const { states, database } = setUp();
    database.away = true;
    await states.follow(live(versionNumber(1)));
    expect(states.get(HERO)).toMatchObject({ version: { number: 1 }, state: null });
  });

  it('replaces a version only when the state of the new one was read', async () => {
    const { states, database } = setUp();
    database.revisions.set('home-hero@1', 3);
    await states.follow(live(versionNumber(1)));
    database.away = true;
    await states.follow(live(versionNumber(2)));
    expect(states.get(HERO)).toMatchObject({ version: { number: 1 }, state: { revision: 3 } });
    database.away = false;
    await states.refreshAll();
    expect(states.get(HERO)).toMatchObject({ version: { number: 2 }, state: { revision: 0 } });
  });

  it('keeps the old version when the new one does not compile', async () => {
    const { states, faults } = setUp();
    await states.follow(live(versionNumber(1)));
    await states.follow(live({ ...versionNumber(2), dimension: 5 }));
    expect(states.get(HERO)).toMatchObject({ version: { number: 1 } });
    expect(faults).toEqual(['policy-compile home-hero@2']);
  });

  it('forgets placements that have no policy any more', async () => {
    const { states } = setUp();
    await states.follow(live(versionNumber(1)));
    await states.follow(new Map());
    expect(states.get(HERO)).toBeNull();
  });

  it('reads everything again when a head went back', async () => {
    const { states, database } = setUp();
    database.revisions.set('home-hero@1', 9);
    database.arms.push({ bannerId: B0, revision: 9, statistics: counts(42) });
    await states.follow(live(versionNumber(1)));
    const before = states.get(HERO)?.state?.arm(B0);
    database.revisions.set('home-hero@1', 2);
    database.arms.splice(0, 1, { bannerId: B0, revision: 2, statistics: counts(5) });
    await states.refreshAll();
    expect(states.get(HERO)?.state?.revision).toBe(2);
    expect(states.get(HERO)?.state?.arm(B0)).not.toEqual(before);
  });

  it('reads once more when news comes while it reads, however many', async () => {
    const { states, database } = setUp();
    await states.follow(live(versionNumber(1)));
    let release: () => void = () => undefined;
    database.hold = new Promise((resolve) => (release = resolve));
    database.loads = 0;
    const running = states.refreshAll();
    database.revisions.set('home-hero@1', 2);
    for (let i = 0; i < 5; i++) states.notice({ kind: 'state', id: 'home-hero@1', revision: 2 });
    database.hold = null;
    release();
    await running;
    expect(database.loads).toBe(2);
    expect(states.get(HERO)?.state?.revision).toBe(2);
  });

  it('does not ask for a revision that it already serves', async () => {
    const { states, database } = setUp();
    database.revisions.set('home-hero@1', 3);
    await states.follow(live(versionNumber(1)));
    database.loads = 0;
    states.notice({ kind: 'state', id: 'home-hero@1', revision: 3 });
    states.notice({ kind: 'profile', id: 'home-hero@1', revision: 9 });
    await Promise.resolve();
    expect(database.loads).toBe(0);
  });
});
