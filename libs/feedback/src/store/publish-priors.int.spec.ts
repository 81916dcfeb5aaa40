import { createPolicy, countsFamily, layoutOf, LearnedState, type IdentifyBanner } from '@vitrine/bandit';
import { bannerId, placementId, policyVersionId, type BannerId, type PlacementId } from '@vitrine/kernel';
import { runMigrations } from '@vitrine/platform';
import { fakeClock, useMongo } from '@vitrine/testing';
import type { FoldVersion } from '../application/ledger.ports';
import type { PriorPlacement } from '../application/prior.ports';
import { PublishPriors } from '../application/publish-priors';
import { aChunk, aDecision, anEvent, aWorker, NOW, rowsOf } from './feedback.fixture';
import type { FoldLogDoc } from './feedback.documents';
import { feedbackMigrations } from './feedback.migrations';
import { MongoPriorStore } from './mongo-prior.store';

const identify: IdentifyBanner = (id) => ({ id, groups: [id.startsWith('summer') ? 'campaign:summer' : 'campaign:winter'] });
const SUMMER = [1, 2, 3].map((i) => bannerId(`summer-${i}`));
const WINTER = [1, 2, 3].map((i) => bannerId(`winter-${i}`));
const NEW = placementId('new');

function versionOf(place: PlacementId, number: number, policy: string): FoldVersion {
  const id = policyVersionId(place, number);
  return { id, placementId: place, policy: { name: policy, params: {}, floor: 0 }, dimension: 0, featureSchema: 0 };
}

function aPlacement(id: string, policy: string, rewardScale = 'click'): PriorPlacement {
  const place = placementId(id);
  return { placementId: place, surface: 'HOME', rewardScale, versions: [versionOf(place, 1, policy)] };
}

/** 400 trials, so many of them rewarded. */
const counts = (rewards: number): Float64Array => Float64Array.of(400, rewards, rewards);
/** Banners of the summer campaign earn three times as much. */
const EARNED = new Map<BannerId, Float64Array>([
  ...SUMMER.map((id, i) => [id, counts(120 + i)] as const),
  ...WINTER.map((id, i) => [id, counts(40 + i)] as const),
]);

describe('placements that learn from each other', () => {
  const mongo = useMongo();
  const db = () => mongo.connection();
  beforeAll(async () => void (await runMigrations(db(), feedbackMigrations)));
  afterEach(() => mongo.clear());

  function publisher(placements: readonly PriorPlacement[]) {
    const versions = placements.flatMap((placement) => placement.versions);
    const worker = aWorker(db(), { versions });
    const catalog = { listPlacements: async () => placements, identities: async () => identify };
    const { states, notices } = worker;
    const announce = (notice: (typeof notices)[number]): void => void notices.push(notice);
    const priors = new MongoPriorStore(db());
    return { ...worker, publish: new PublishPriors({ catalog, states, priors, announce, clock: fakeClock(NOW) }) };
  }

  async function learned({ states }: ReturnType<typeof publisher>, place: PlacementId, arms = EARNED): Promise<void> {
    const from = await states.head(policyVersionId(place, 1));
    const layout = layoutOf(countsFamily);
    await states.advance({ from, placementId: place, cursor: 1, entries: 2_400, skipped: 0, layout, arms, at: NOW });
  }

  it('let a new one begin with what banners of the same campaign earned elsewhere', async () => {
    const parts = publisher([aPlacement('hero', 'beta-thompson'), aPlacement('deals', 'ucb1'), aPlacement('new', 'hierarchical-thompson')]);
    await learned(parts, placementId('hero'));
    await learned(parts, placementId('deals'));
    const [published, ...rest] = await parts.publish.execute();
    expect(rest).toEqual([]);
    expect(published).toMatchObject({ versionId: 'new@1', revision: 1 });
    expect(parts.notices).toEqual([{ kind: 'state', id: 'new@1', revision: 1 }]);

    const head = await parts.states.head(policyVersionId(NEW, 1));
    expect(head).toMatchObject({ revision: 1, cursor: 0, entries: 0, priorId: published?.priorId });
    const created = createPolicy({ name: 'hierarchical-thompson', params: {} }, 0);
    if (!created.ok) throw created.error;
    const source = { policy: created.value, revision: 1, statistics: new Map(), identify };
    const prior = await parts.states.readPrior(head.priorId ?? '');
    const unseen = [bannerId('summer-9'), bannerId('winter-9')];
    const chosen = (state: LearnedState): Float64Array => {
      const out = new Float64Array(2);
      state.distribution(unseen, { context: new Float64Array(0), at: NOW }, out);
      return out;
    };
    expect(chosen(LearnedState.of(source))[0]).toBeCloseTo(0.5, 9);
    expect(chosen(LearnedState.of({ ...source, prior }))[0]).toBeGreaterThan(0.8);
  });

  it('say nothing new twice, and leave a placement’s own trials out of its prior', async () => {
    const parts = publisher([aPlacement('hero', 'hierarchical-thompson'), aPlacement('deals', 'beta-thompson')]);
    await learned(parts, placementId('deals'));
    await parts.publish.execute();
    await learned(parts, placementId('hero'), new Map([[bannerId('summer-1'), counts(399)]]));
    expect(await parts.publish.execute()).toEqual([]);
    expect(await rowsOf(db(), 'policy_priors')).toHaveLength(1);
    await learned(parts, placementId('deals'), new Map([[bannerId('summer-1'), counts(200)]]));
    expect(await parts.publish.execute()).toMatchObject([{ versionId: 'hero@1', revision: 3 }]);
    expect(await rowsOf(db(), 'policy_priors')).toHaveLength(2);
  });

  it('learn only from those that reward the same', async () => {
    const parts = publisher([aPlacement('hero', 'beta-thompson', 'purchase'), aPlacement('new', 'hierarchical-thompson')]);
    await learned(parts, placementId('hero'));
    expect(await parts.publish.execute()).toEqual([]);
    expect((await parts.states.head(policyVersionId(NEW, 1))).revision).toBe(0);
  });

  it('keep their prior through folds, and the log of revisions names it', async () => {
    const HOME = placementId('home');
    const parts = publisher([aPlacement('deals', 'beta-thompson'), aPlacement('home', 'hierarchical-thompson')]);
    await learned(parts, placementId('deals'));
    const [published] = await parts.publish.execute();
    const decision = aDecision('vera', { policyVersionId: policyVersionId(HOME, 1) });
    await parts.process.execute(aChunk([anEvent('IMPRESSION', null, decision), anEvent('CLICK', null, decision)]));
    const own = aPlacement('home', 'hierarchical-thompson').versions;
    expect((await parts.fold.execute(HOME, own)).versions).toMatchObject([{ revision: 2, folded: 2 }]);
    expect(await parts.states.head(policyVersionId(HOME, 1))).toMatchObject({ revision: 2, priorId: published?.priorId });
    const log = await db().collection<FoldLogDoc>('fold_log').find({ versionId: 'home@1' }).sort({ revision: 1 }).toArray();
    expect(log.map(({ revision, cursor, priorId }) => [revision, cursor, priorId])).toEqual([
      [1, 0, published?.priorId],
      [2, 1, published?.priorId],
    ]);
    expect(await parts.verifier.verify(policyVersionId(HOME, 1))).toMatchObject({ ok: true });
  });

  it('name a prior that is gone, and one that is none', async () => {
    const priors = new MongoPriorStore(db());
    await expect(priors.readPrior('home|0')).rejects.toMatchObject({ code: 'NOT_FOUND', details: { priorId: 'home|0' } });
    const row = { _id: 'home|1', placementId: 'home', surface: 'HOME', revision: '{"format":1', at: new Date(NOW) };
    await db().collection<typeof row>('policy_priors').insertOne(row);
    await expect(priors.readPrior('home|1')).rejects.toMatchObject({ code: 'PRIOR_MALFORMED' });
  });
});
