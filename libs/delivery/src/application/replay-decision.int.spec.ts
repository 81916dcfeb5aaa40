import { bannerId, decisionId, placementId, policyVersionId, systemClock, type PlacementId, type PolicyVersionId } from '@vitrine/kernel';
import { fitPriorRevision, layoutOf, countsFamily, type IdentifyBanner } from '@vitrine/bandit';
import type { PolicyVersion } from '@vitrine/catalog';
import {
  FEEDBACK_COLLECTIONS,
  feedbackMigrations,
  FoldPlacement,
  LedgerRebuilder,
  MongoLedgerStore,
  MongoPolicyStateStore,
  MongoPriorStore,
  MongoUnitOfWork,
  type LedgerBatchDoc,
  type LedgerEntry,
  type PolicyCatalog,
} from '@vitrine/feedback';
import { newUuid, runMigrations } from '@vitrine/platform';
import { useMongo } from '@vitrine/testing';
import { decidePlacement } from '../domain/decide-placement';
import type { DecisionRecord } from '../domain/types';
import { aContext, aVersion, eligibleBanners, NOON, placementInputs } from '../fixtures';
import { deliveryMigrations } from '../store/delivery-migrations';
import { MongoDecisionRepository } from '../store/mongo-decision.repository';
import { MongoFoldLog } from '../store/mongo-fold.log';
import { LedgerPastStates } from './ledger-past-states';
import { PolicyStates } from './policy-states';
import { ReplayDecision } from './replay-decision';

const HERO = placementId('home-hero');
const VERSION: PolicyVersion = aVersion({
  id: policyVersionId(HERO, 1),
  policy: { name: 'linear-thompson', params: {}, floor: 0.1 },
  features: [
    { name: 'device', source: { kind: 'context', field: 'device' }, encoding: { kind: 'onehot', values: ['MOBILE', 'DESKTOP'] } },
    { name: 'heat', source: { kind: 'request', key: 'heat' }, encoding: { kind: 'numeric', center: 0, scale: 1 } },
  ],
  dimension: 4,
  featureSchema: 77,
});
const LIVE: ReadonlyMap<PlacementId, PolicyVersion> = new Map([[HERO, VERSION]]);

const identify: IdentifyBanner = (id) => ({ id, groups: [id < 'b02' ? 'campaign:warm' : 'campaign:cold'] });

describe('a decision and the ledger behind it', () => {
  const mongo = useMongo();

  beforeAll(async () => void (await runMigrations(mongo.connection(), [...feedbackMigrations, ...deliveryMigrations])));
  afterEach(() => mongo.clear());

  function setUp(version = VERSION) {
    const connection = mongo.connection();
    const unitOfWork = new MongoUnitOfWork(connection);
    const ledger = new MongoLedgerStore({ connection, unitOfWork, newId: () => newUuid() });
    const stateStore = new MongoPolicyStateStore({ connection, unitOfWork });
    const find = (id: PolicyVersionId) => Promise.resolve(id === version.id ? version : null);
    const policies: PolicyCatalog = { versionsToFold: () => Promise.resolve([version]), findVersion: find };
    const deps = { ledger, states: stateStore, policies, announce: () => undefined, clock: systemClock };
    const decisions = new MongoDecisionRepository(connection, 30);
    const pastStates = new LedgerPastStates({
      foldLog: new MongoFoldLog(connection),
      rebuilder: new LedgerRebuilder(deps),
      states: stateStore,
      priors: stateStore,
    });
    return {
      decisions,
      replay: new ReplayDecision({ decisions, pastStates, policyVersions: { find }, identities: { at: async () => identify } }),
      stateStore,
      states: new PolicyStates(stateStore, {
        report: (_fault, error) => {
          throw error;
        },
      }),
      async learn(entries: readonly LedgerEntry[]): Promise<void> {
        await unitOfWork.run((session) => ledger.append(session, [{ placementId: HERO, entries, createdAt: NOON }]));
        await new FoldPlacement({ ...deps, sequencer: ledger, rebuilder: new LedgerRebuilder(deps) }).execute(HERO);
      },
    };
  }

  function trials(from: number, reward: (banner: number) => number): readonly LedgerEntry[] {
    return Array.from({ length: 30 }, (_, i) => ({
      id: `trial-${from + i}`,
      kind: 'TRIAL',
      decisionId: placementInputs().id,
      slot: 0,
      bannerId: bannerId(`b0${i % 5}`),
      policyVersionId: VERSION.id,
      propensity: 0.2,
      reward: reward(i % 5),
      steps: Int8Array.of(32, 32, 0, (i % 7) * 4),
      featureSchema: VERSION.featureSchema,
      visitorHash: null,
      occurredAt: NOON,
      activatedAt: NOON,
      earnedBefore: 0,
      eventId: `event-${from + i}`,
    }));
  }

  function decide(states: PolicyStates, sticky = false): DecisionRecord {
    const context = aContext({ features: { heat: 0.7 } });
    return decidePlacement(
      placementInputs({ policy: states.get(HERO), context, eligibility: { eligible: eligibleBanners(5), rejected: [] }, sticky }),
    ).record;
  }

  it('is replayed from the state of then, though learning went on, until evidence is taken out', async () => {
    const { decisions, replay, states, learn } = setUp();
    await learn(trials(0, (banner) => (banner === 2 ? 1 : 0)));
    await states.follow(LIVE);
    const record = decide(states);
    await decisions.insert([record]);
    await learn(trials(100, (banner) => (banner === 4 ? 1 : 0)));
    await states.refreshAll();
    const later = decide(states);
    expect([record.stateRevision, later.stateRevision]).toEqual([1, 2]);
    expect(later.distribution).not.toEqual(record.distribution);

    const stored = await replay.find(record.id);
    if (stored === null) throw new RangeError('the decision was written');
    expect(await replay.replay(stored)).toEqual({ sameSlots: true, distributionMaxError: 0, shadowMaxError: null, status: 'REPLAYED' });

    const sticky = { ...decide(states, true), id: decisionId('019b0000-0000-7000-8000-0000000000aa') };
    await decisions.insert([sticky]);
    expect(await replay.find(sticky.id)).toMatchObject({ selection: 'STICKY', slots: sticky.slots });
    expect(sticky.slots).not.toEqual(later.slots);
    expect(await replay.replay((await replay.find(sticky.id)) ?? record)).toMatchObject({ sameSlots: true, distributionMaxError: 0 });

    await mongo
      .connection()
      .collection<LedgerBatchDoc>(FEEDBACK_COLLECTIONS.ledgerBatches)
      .updateOne({ foldSeq: 1 }, { $pop: { entries: 1 } });
    expect(await replay.replay(stored)).toEqual({
      sameSlots: true,
      distributionMaxError: null,
      shadowMaxError: null,
      status: 'NOT_REPLAYABLE_ERASED',
    });
  });

  it('is replayed under the prior of then, though placements have learned more from each other since', async () => {
    const version = aVersion({ id: VERSION.id, policy: { name: 'hierarchical-thompson', params: {}, floor: 0.1 } });
    const { decisions, replay, states, stateStore } = setUp(version);
    const priors = new MongoPriorStore(mongo.connection());
    /** What a placement tells in which banners of the warm campaign earned so much, others a fifth. */
    async function pin(warm: number): Promise<void> {
      const banners = ['b00', 'b01', 'b03', 'b04'].map((id) => {
        const rewards = 500 * (id < 'b02' ? warm : 0.2) + Number(id.slice(2));
        return { id, groups: identify(bannerId(id)).groups, counts: Float64Array.of(500, rewards, rewards) };
      });
      const revision = fitPriorRevision([{ placementId: 'deals', surface: 'HOME', banners }]);
      if (revision === null) throw new RangeError('something was tried');
      const priorId = await priors.keep({ placementId: HERO, surface: 'HOME', revision }, NOON);
      const from = await stateStore.head(version.id);
      const step = { from, placementId: HERO, cursor: 0, entries: 0, skipped: 0, layout: layoutOf(countsFamily), arms: new Map() };
      await stateStore.advance({ ...step, priorId, at: NOON });
    }
    await pin(0.6);
    await states.follow(new Map([[HERO, version]]), identify);
    const record = decide(states);
    await decisions.insert([record]);
    expect(record.distribution[0]).toBeGreaterThan(3 * (record.distribution[4] ?? 1));
    await pin(0.1);
    await states.refreshAll();
    expect(decide(states).distribution).not.toEqual(record.distribution);
    expect(await replay.replay((await replay.find(record.id)) ?? decide(states))).toMatchObject({
      distributionMaxError: 0,
      status: 'REPLAYED',
    });
  });
});
