import { eventually } from '@vitrine/testing';
import { HERO_VERSION } from './harness/catalog.fixture';
import { SECRET_KEY, shownAndClicked, untilHuman } from './harness/loop-api';
import type { Running } from './harness/processes';
import { useLoop } from './harness/use-loop';

interface Contains {
  readonly decision: {
    readonly stateRevision: number;
    readonly policyVersionId: string;
    readonly replay: object;
    readonly slots: readonly object[];
  } | null;
}
const RECORD = `query ($id: ID!) { decision(id: $id) { stateRevision policyVersionId slots { bannerId propensity } replay { status sameSlots distributionMaxError } } }`;
const PERFORMANCE = `query ($input: PerformanceInput!) { performance(input: $input) { total { counters { trials clickedTrials impressions clicks } } } }`;

describe('the loop from a decision to what is decided next', () => {
  const loop = useLoop(1);
  const verify = async () => {
    const { code, output } = await loop.processes().run(['ledger', 'verify', '--policy', HERO_VERSION]);
    return { code, output };
  };

  let worker: Running;

  beforeAll(async () => {
    worker = await loop.processes().start('worker');
    await loop.api().grant('ann');
  }, 60_000);

  it('learns from a click, reports it, keeps it in the profile and can play the decision again', async () => {
    const api = loop.api();
    const from = new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString();
    const first = await api.decide('ann', 'hero', SECRET_KEY);
    await untilHuman();
    expect(await api.record(shownAndClicked('ann', first))).toMatchObject([{ status: 'ACCEPTED' }, { status: 'ACCEPTED' }]);
    const head = await eventually(
      () =>
        loop.mongo
          .connection()
          .collection<{ _id: string; revision: number; entries: number }>('policy_heads')
          .findOne({ _id: HERO_VERSION, entries: 2 }),
      { what: 'the trial and its reward to be folded', explain: () => `\n${worker.log()}` },
    );
    expect(head.revision).toBeGreaterThan(first.stateRevision ?? 0);
    const next = await eventually(
      async () => {
        const decision = await api.decide('ann', 'hero', SECRET_KEY);
        return (decision.stateRevision ?? 0) >= head.revision ? decision : null;
      },
      { what: 'a decision from the state that contains the click', deadlineMs: 5_000 },
    );

    const { profile } = await api.must<{ profile: unknown }>(
      SECRET_KEY,
      '{ profile(visitorId: "ann") { behaviour { clicks } consents { purpose } } }',
    );
    expect(profile).toMatchObject({ behaviour: { clicks: 1 } });
    const to = new Date(Date.now() + 120_000).toISOString();
    const { performance } = await api.must<{ performance: unknown }>(SECRET_KEY, PERFORMANCE, {
      input: { placementId: 'hero', from, to: new Date(Math.floor(Date.parse(to) / 60_000) * 60_000).toISOString(), groupBy: 'BANNER' },
    });
    expect(performance).toEqual({ total: { counters: { trials: 1, clickedTrials: 1, impressions: 1, clicks: 1 } } });
    const { decision } = await eventually(
      async () => {
        const data = await api.must<Contains>(SECRET_KEY, RECORD, { id: next.decisionId });
        return data.decision === null ? null : data;
      },
      { what: 'the decision record' },
    );
    expect(decision).toMatchObject({
      stateRevision: next.stateRevision,
      policyVersionId: HERO_VERSION,
      replay: { status: 'REPLAYED', sameSlots: true, distributionMaxError: 0 },
    });
    expect(decision?.slots).toMatchObject(next.slots.map(({ banner }) => ({ bannerId: banner.id })));
  });

  it('has a ledger that verifies until an entry, or a statistic, is changed by hand', async () => {
    const batches = loop.mongo.connection().collection('ledger_batches');
    const arms = loop.mongo.connection().collection('policy_arms');
    expect(await verify()).toMatchObject({ code: 0 });

    const batch = await batches.findOne({ placementId: 'hero', foldSeq: 1 });
    await batches.updateOne({ placementId: 'hero', foldSeq: 1 }, { $set: { 'entries.0.reward': 0.25 } });
    expect(await verify()).toMatchObject({ code: 1, output: expect.stringContaining('BATCH_ALTERED') });
    await batches.updateOne({ placementId: 'hero', foldSeq: 1 }, { $set: { entries: batch?.['entries'] } });
    expect(await verify()).toMatchObject({ code: 0 });

    const arm = await arms.findOne({ versionId: HERO_VERSION });
    const statistics = Buffer.from(arm?.['statistics'].buffer);
    statistics.writeDoubleLE(statistics.readDoubleLE(0) + 1e-9, 0);
    await arms.updateOne({ versionId: HERO_VERSION, bannerId: arm?.['bannerId'] }, { $set: { statistics } });
    expect(await verify()).toMatchObject({ code: 1, output: expect.stringContaining('STATISTICS_DIFFER') });
  });
});
