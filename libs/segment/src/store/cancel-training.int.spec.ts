import { runMigrations } from '@vitrine/platform';
import { eventually, fakeClock, useMongo } from '@vitrine/testing';
import { inlineCompute, type TrainingCompute } from '../application/training-compute';
import { FakeProfiles } from '../testing/in-memory-training.fixture';
import { segmentMigrations } from './segment-migrations';
import { complete, extractAll, search, someProfiles, trainingSystem, trainUpTo, type TrainingSystem } from './training-system.int-fixtures';

/** Steps of a run that is under way, each with what has been done before it. */
const STEPS: readonly (readonly [step: string, upTo: (system: TrainingSystem, runId: string) => Promise<unknown>])[] = [
  ['EXTRACT', (system, runId) => system.extract.execute(runId, 0)],
  [
    'SEARCH',
    async (system, runId) => (await extractAll(system, runId), await system.plan.execute(runId), system.trial.execute(runId, 0, 1)),
  ],
  ['VALIDATE', async (system, runId) => (await extractAll(system, runId), await search(system, runId), system.fit.execute(runId))],
  [
    'PUBLISH',
    async (system, runId) => {
      await extractAll(system, runId);
      await search(system, runId);
      await system.fit.execute(runId);
      await system.validate.execute(runId);
    },
  ],
];

describe('cancelling a training', () => {
  const mongo = useMongo();
  const clock = fakeClock(Date.now());
  beforeAll(() => runMigrations(mongo.connection(), segmentMigrations));
  beforeEach(() => mongo.clear());
  const build = (profiles = new FakeProfiles(someProfiles(1_500)), compute: TrainingCompute = inlineCompute) =>
    trainingSystem({ connection: mongo.connection(), clock, profiles, compute });
  const rowDocuments = () => mongo.connection().collection('training_rows').countDocuments();

  /** Every step once more, as jobs that were queued before would run it. */
  async function goOn(system: TrainingSystem, runId: string): Promise<void> {
    await extractAll(system, runId);
    await system.plan.execute(runId);
    await system.trial.execute(runId, 0, 0);
    await system.rank.execute(runId, 0);
    await system.fit.execute(runId);
    await system.validate.execute(runId);
    expect(await system.publish.execute(runId)).toBe('SKIPPED');
    await system.finish.succeed(runId);
  }

  it.each(STEPS)('in the step %s leaves the champion and no rows, whatever is still queued', async (step, upTo) => {
    const system = build();
    await complete(system, await trainUpTo(system));
    const { id } = await system.starter.start({ trigger: 'MANUAL' });
    await upTo(system, id);
    expect((await system.runs.get(id)).step).toBe(step);
    expect(await system.finish.cancel(id)).toBe(true);
    expect(await rowDocuments()).toBe(0);
    await goOn(system, id);
    expect(await system.runs.get(id)).toMatchObject({ status: 'CANCELLED', step, failure: { code: 'TRAINING_CANCELLED' } });
    expect(await system.models.findPublishedVersion()).toBe(1);
    expect(system.announced).toEqual([1]);
    expect(await rowDocuments()).toBe(0);
    expect(await system.finish.cancel(id)).toBe(false);
    await expect(system.starter.start({ trigger: 'SCHEDULE' })).resolves.toMatchObject({ modelVersion: 3 });
  });

  it('stops an extraction that is under way, and leaves none of its rows', async () => {
    const people = someProfiles(9_000);
    const profiles = new FakeProfiles(people);
    const system = build(profiles);
    const { id } = await system.starter.start({ trigger: 'MANUAL' });
    let seen = 0;
    const read = profiles.read.bind(profiles);
    profiles.read = async function* (slice) {
      for await (const row of read(slice)) {
        if (++seen === 1_200) await system.finish.cancel(id);
        yield row;
      }
    };
    await system.extract.execute(id, 0);
    expect(seen).toBeGreaterThanOrEqual(1_200);
    expect(seen).toBeLessThan(2_700); // of about 2,700 in the partition
    expect(await rowDocuments()).toBe(0);
    expect((await system.runs.get(id)).extracted).toEqual({});
  });

  it('aborts a computation that is under way', async () => {
    const begun = { fit: false };
    const compute: TrainingCompute = {
      run: (task, request, signal) => {
        if (task !== 'fit') return inlineCompute.run(task, request, signal);
        begun.fit = true;
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new TypeError('stopped'))));
      },
    };
    const system = build(undefined, compute);
    const { id } = await system.starter.start({ trigger: 'MANUAL' });
    await extractAll(system, id);
    await search(system, id);
    const fitting = system.fit.execute(id);
    await eventually(() => begun.fit, { what: 'the fit to begin' });
    await system.finish.cancel(id);
    await expect(fitting).resolves.toBeUndefined();
    expect(await system.models.list(5, null)).toEqual([]);
  });

  it('after the model went live keeps it live, and ends the assignment', async () => {
    const system = build();
    const id = await trainUpTo(system);
    await system.publish.execute(id);
    await system.assign.execute(id, 0);
    expect(await system.finish.cancel(id)).toBe(true);
    const told = system.memberships.told;
    await system.assign.execute(id, 1);
    expect(system.memberships.told).toBe(told);
    expect(await system.models.findPublishedVersion()).toBe(1);
  });
});
