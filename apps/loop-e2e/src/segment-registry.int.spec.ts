import { eventually } from '@vitrine/testing';
import { storeCrowd } from './harness/crowd';
import { LoopApi, SECRET_KEY, type Decision } from './harness/loop-api';
import type { Running } from './harness/processes';
import { useLoop } from './harness/use-loop';

const PEOPLE = 700;
/** The hour of the last visit is a feature: the crowd is the same at any time of the day. */
const LAST_MIDNIGHT = Math.floor(Date.now() / 86_400_000) * 86_400_000;
const TRAINING_MS = 60_000;
/** The promise: so long after a version was published, every gateway decides with it. */
const SWITCH_MS = 2_000;

interface Run {
  readonly id: string;
  readonly status: string;
  readonly modelVersion: number;
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
}
interface Model {
  readonly version: number;
  readonly status: string;
  readonly refusal: string | null;
  readonly parentVersion: number | null;
}

describe('versions of the segment model', () => {
  const loop = useLoop(15, { SEGMENT_CONFIGURATIONS: '9', SEGMENT_RESPONSE_DAYS: '7' });
  let worker: Running;
  let other: Running;

  beforeAll(async () => {
    await storeCrowd(loop.mongo.connection(), PEOPLE, LAST_MIDNIGHT);
    worker = await loop.processes().start('worker');
    other = await loop.processes().start('gateway');
    await loop.api().grant('ann');
    await loop.api().record([{ eventId: 'ann-1', type: 'PAGE_VIEW', occurredAt: new Date().toISOString(), visitorId: 'ann' }]);
    await eventually(
      () =>
        loop.mongo
          .connection()
          .collection('profiles')
          .findOne({ 'features.visit.lastSeenAt': { $ne: null }, seenAt: { $gt: 0 } }),
      {
        what: 'a profile',
      },
    );
  }, 60_000);

  const ask = <T extends object>(query: string, variables: object = {}): Promise<T> => loop.api().must<T>(SECRET_KEY, query, variables);
  /** @param segments how many there must be; null lets the search choose */
  async function train(segments: number | null): Promise<Run> {
    const input = segments === null ? { maxSegments: 6, seed: 5 } : { minSegments: segments, maxSegments: segments, seed: 5 };
    const { trainSegments } = await ask<{ trainSegments: { id: string } }>(
      'mutation ($input: TrainSegmentsInput) { trainSegments(input: $input) { id } }',
      { input },
    );
    return eventually(
      async () => {
        const { trainingRun } = await ask<{ trainingRun: Run }>(
          'query ($id: ID!) { trainingRun(id: $id) { id status modelVersion failureCode failureMessage } }',
          { id: trainSegments.id },
        );
        return trainingRun.status === 'RUNNING' ? null : trainingRun;
      },
      { what: 'the training to end', deadlineMs: TRAINING_MS, explain: () => worker.log().slice(-4_000) },
    );
  }
  async function models(): Promise<readonly Model[]> {
    const { segmentModels } = await ask<{ segmentModels: { edges: { node: Model }[] } }>(
      '{ segmentModels { edges { node { version status refusal parentVersion } } } }',
    );
    return segmentModels.edges.map(({ node }) => node);
  }
  /** Decides on both gateways until both used the version. @returns how long it took the slower one */
  async function switchedTo(version: number): Promise<number> {
    const start = performance.now();
    for (const gateway of [loop.api().url, other.url]) {
      const api = new LoopApi(gateway);
      await eventually(async () => (await versionOf(await api.decide('ann', 'hero', SECRET_KEY))) === version, {
        what: `decisions of version ${version}`,
        deadlineMs: SWITCH_MS,
      });
    }
    return performance.now() - start;
  }
  const versionOf = async ({ decisionId }: Decision): Promise<number | null> => {
    const { decision } = await eventually(
      async () => {
        const query = 'query ($id: ID!) { decision(id: $id) { segmentModelVersion segmentId } }';
        const data = await ask<{ decision: { segmentModelVersion: number | null } | null }>(query, { id: decisionId });
        return data.decision === null ? null : data;
      },
      { what: 'the decision record', deadlineMs: SWITCH_MS },
    );
    return decision?.segmentModelVersion ?? null;
  };
  async function readByCommands(): Promise<void> {
    const run = async (args: readonly string[]) => {
      const { code, output } = await loop.processes().run(args);
      expect({ args, code }).toEqual({ args, code: 0 });
      return output;
    };
    expect(await run(['segments', 'models'])).toMatch(/3 +│ REFUSED[^]*1 +│ PUBLISHED[^]*what sets it apart/);
    const exported = await run(['segments', 'export', '--version', '2']); // what is said to people comes first
    expect(JSON.parse(exported.slice(exported.indexOf('{')))).toMatchObject({
      version: 2,
      pipeline: { version: 1 },
      parentVersion: 1,
    });
    const listed = await run(['runs', 'list']);
    expect(listed).toMatch(/REASSIGN │ ROLLBACK[^]*REFUSED[^]*TRAIN +│ MANUAL/);
    const [first, second] = (
      await loop.mongo.connection().collection<{ _id: string }>('training_runs').find({ kind: 'TRAIN' }).toArray()
    ).map(({ _id }) => _id);
    expect(await run(['runs', 'show', second ?? ''])).toMatch(
      /chosen: K_MEANS[^]*SEARCH[^]*rung0\.silhouette +[▁▂▃▄▅▆▇█]+[^]*VALIDATE[^]*responseGain/,
    );
    expect(await run(['runs', 'compare', first ?? '', second ?? ''])).toMatch(/run 1[^]*run 2[^]*silhouette\n +run 1 +0\.\d+ +█/);
    expect((await loop.processes().run(['runs', 'show', 'nonsense'])).code).not.toBe(0);
  }
  const statuses = async () => Object.fromEntries((await models()).map(({ version, status }) => [version, status]));

  it(
    'go live through the gate, are refused when they are worse, and come back, within two seconds and without a restart',
    async () => {
      const poor = await train(5);
      expect(poor).toMatchObject({ status: 'PUBLISHED', modelVersion: 1 });
      await switchedTo(1);

      const better = await train(null);
      expect(better).toMatchObject({ status: 'PUBLISHED', modelVersion: 2 });
      await switchedTo(2);
      expect(await statuses()).toEqual({ 1: 'RETIRED', 2: 'PUBLISHED' });
      expect(worker.log()).toContain('segment model published');

      const worse = await train(5);
      expect(worse).toMatchObject({ status: 'REFUSED', modelVersion: 3, failureCode: 'SEGMENT_GATE_REFUSED' });
      expect(worse.failureMessage).toMatch(/^(TELLS_LESS_THAN_LIVE|WORSE_THAN_LIVE): /);
      expect(await statuses()).toEqual({ 1: 'RETIRED', 2: 'PUBLISHED', 3: 'REFUSED' });
      expect((await models())[0]).toMatchObject({ version: 3, refusal: worse.failureMessage, parentVersion: 2 });
      expect(worker.log()).toContain('segment model refused, the live one stays');
      await switchedTo(2);

      const back = await ask('mutation { rollbackSegmentModel { version status } }');
      expect(back).toEqual({ rollbackSegmentModel: { version: 1, status: 'PUBLISHED' } });
      expect(await switchedTo(1)).toBeLessThan(2 * SWITCH_MS);
      expect(await statuses()).toEqual({ 1: 'PUBLISHED', 2: 'RETIRED', 3: 'REFUSED' });
      await eventually(
        async () => (await loop.mongo.connection().collection('profiles').countDocuments({ 'segment.modelVersion': 1 })) >= PEOPLE,
        { what: 'everybody to be in a segment of version 1 again' },
      );
      await readByCommands();
    },
    5 * TRAINING_MS,
  );
});
