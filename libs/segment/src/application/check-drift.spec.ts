import { fakeClock } from '@vitrine/testing';
import { DomainError, rngFromNumber } from '@vitrine/kernel';
import { countingIds, FakeProfiles, RecordedQueue, type FakeProfile } from '../testing/in-memory-training.fixture';
import { MemoryModels, MemoryRuns } from '../testing/memory-repositories.fixture';
import { aSegmentModel, aTrainingRun } from '../testing/segment.fixture';
import { CheckDrift } from './check-drift';
import type { DriftCheck } from './training-ports';
import { TrainingStarter } from './training-starter';

/** Half on either side of 0, moved by `shift`; every tenth did not agree to training, and is far away. */
function people(count: number, shift = 0): FakeProfiles {
  const rng = rngFromNumber(4);
  return new FakeProfiles(
    Array.from({ length: count }, (_, at): FakeProfile => {
      const agreed = at % 10 !== 9;
      const features = Float64Array.of(agreed ? (at % 2 === 0 ? -1 : 1) * rng() + shift : 1e6);
      return { profileId: `profile-${at}`, profileVersion: 1, features, consent: agreed ? ['TRAINING'] : ['PERSONALIZATION'] };
    }),
  );
}

function build(profiles: FakeProfiles, over: { readonly models?: MemoryModels; readonly runs?: MemoryRuns } = {}) {
  const { models = new MemoryModels(aSegmentModel()), runs = new MemoryRuns() } = over;
  const saved: DriftCheck[] = [];
  const queue = new RecordedQueue();
  const clock = fakeClock(50);
  const starter = new TrainingStarter({
    ...{
      runs,
      models,
      queue,
      clock,
      newId: countingIds('run'),
      featureNames: ['x'],
      partitions: 2,
      codeVersion: 'test',
      abandonAfterMs: 1_000,
    },
  });
  const checks = {
    save: (check: DriftCheck) => Promise.resolve(void saved.push(check)),
    find: () => Promise.resolve(saved.at(-1) ?? null),
  };
  return { saved, queue, runs, clock, drift: new CheckDrift({ models, profiles, checks, starter, runs, clock, minRows: 200 }) };
}

describe('CheckDrift', () => {
  it('notes that people are the same, and starts nothing', async () => {
    const { drift, saved, queue } = build(people(1_000));
    const check = await drift.execute();
    expect(check).toMatchObject({ rows: 900, drifted: false, modelVersion: 1, checkedAt: 50, runId: null });
    expect(saved).toEqual([expect.objectContaining({ rows: 900, drifted: false })]);
    expect(queue.asked).toEqual([]);
  });

  it('starts a training because of the drift when people are others', async () => {
    const { drift, runs, queue } = build(people(1_000, 0.8));
    const check = await drift.execute();
    expect(check).toMatchObject({ drifted: true, runId: 'run-1' });
    expect(check?.segments).toBeGreaterThan(0.25);
    expect(await runs.get('run-1')).toMatchObject({ trigger: 'DRIFT', kind: 'TRAIN', parentVersion: 1, status: 'RUNNING' });
    expect(queue.asked).toEqual(['training run-1 2']);
  });

  it('starts none while one is active, which will see the same people', async () => {
    const { drift, queue, saved } = build(people(1_000, 0.8), { runs: new MemoryRuns(aTrainingRun({ updatedAt: 50 })) });
    expect(await drift.execute()).toMatchObject({ drifted: true, runId: null });
    expect([queue.asked.length, saved.length]).toEqual([0, 1]);
  });

  it('starts one for each version that goes live, whatever became of it: another would come to the same', async () => {
    const models = new MemoryModels(aSegmentModel());
    const { drift, runs, queue, clock } = build(people(1_000, 0.8), { models });
    await drift.execute();
    clock.advance(60 * 60_000);
    await runs.finish('run-1', { status: 'REFUSED', step: 'DONE', failure: null }, 50);
    expect(await drift.execute()).toMatchObject({ drifted: true, retrained: true, runId: null });
    expect(await drift.execute()).toMatchObject({ drifted: true, retrained: true, runId: null });
    expect(queue.asked).toEqual(['training run-1 2']);
    await models.insert(aSegmentModel({ version: 2, status: 'RETIRED' }));
    await models.restore(1, 2);
    expect(await drift.execute()).toMatchObject({ modelVersion: 2, retrained: true, runId: 'run-2' });
  });

  it('rests for an hour after any training', async () => {
    const ended = aTrainingRun({ status: 'PUBLISHED', startedAt: 50 - 59 * 60_000, updatedAt: 40 });
    const resting = build(people(1_000, 0.8), { runs: new MemoryRuns(ended) });
    expect(await resting.drift.execute()).toMatchObject({ drifted: true, runId: null });
    const rested = build(people(1_000, 0.8), { runs: new MemoryRuns({ ...ended, startedAt: 50 - 60 * 60_000 }) });
    expect((await rested.drift.execute())?.runId).not.toBeNull();
  });

  it('passes on why a training could not be started otherwise', async () => {
    const { drift, queue } = build(people(1_000, 0.8));
    queue.enqueueTraining = () => Promise.reject(new DomainError('DEPENDENCY_UNAVAILABLE'));
    await expect(drift.execute()).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  });

  it('looks at a sample of many, drawn from all over', async () => {
    const { drift } = build(people(8_000));
    expect(await drift.execute()).toMatchObject({ rows: 5_000, drifted: false });
  });

  it('reads all profiles twice at most, however few agreed', async () => {
    const profiles = people(1_000);
    await build(profiles).drift.execute();
    expect(profiles.reads).toBe(2);
  });

  it.each([
    ['no model is live', people(1_000), new MemoryModels()],
    ['too few people agreed', people(200), undefined],
  ])('says nothing where %s', async (_what, profiles, models) => {
    const { drift, saved } = build(profiles, models === undefined ? {} : { models });
    expect(await drift.execute()).toBeNull();
    expect(saved).toEqual([]);
  });

  it('leaves rows of other features out', async () => {
    const { drift } = build(people(1_000), { models: new MemoryModels(aSegmentModel({ featureNames: ['x', 'y'] })) });
    expect(await drift.execute()).toBeNull();
  });
});
