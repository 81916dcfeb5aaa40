import { runMigrations } from '@vitrine/platform';
import { fakeClock, useMongo } from '@vitrine/testing';
import type { TrainingQueue } from '../application/training-ports';
import type { TrainingSettings } from '../domain/training-run';
import { FakeProfiles, RecordedQueue, type FakeProfile } from '../testing/in-memory-training.fixture';
import { quickSettings } from '../testing/segment.fixture';
import { segmentMigrations } from './segment-migrations';
import { complete, PARTITIONS, search, someProfiles, trainingSystem, trainUpTo } from './training-system.int-fixtures';

describe('training steps on MongoDB', () => {
  const mongo = useMongo();
  // Starts now: the server removes training rows a day after their date, by its own clock.
  const clock = fakeClock(Date.now());

  beforeAll(() => runMigrations(mongo.connection(), segmentMigrations));
  beforeEach(() => mongo.clear());

  const build = (profiles: FakeProfiles, settings: Partial<TrainingSettings> = {}, queue: TrainingQueue = new RecordedQueue()) =>
    trainingSystem({ connection: mongo.connection(), clock, profiles, settings, queue });
  const rowDocuments = () => mongo.connection().collection('training_rows').countDocuments();

  it('trains on those who agreed to training, assigns those who agreed to personalization and leaves no rows behind', async () => {
    const system = build(new FakeProfiles(someProfiles(1_500)));
    const runId = await trainUpTo(system);
    expect(await rowDocuments()).toBeGreaterThan(0);
    await complete(system, runId);
    const run = await system.runs.get(runId);
    const live = await system.models.findPublished();
    expect(run).toMatchObject({ status: 'PUBLISHED', step: 'DONE', failure: null });
    expect(Object.values(run.extracted).reduce((sum, part) => sum + part.train + part.tune + part.test, 0)).toBe(1_350);
    expect(live?.segments).toHaveLength(3);
    expect(live?.segments.reduce((sum, segment) => sum + segment.size, 0)).toBe(1_500);
    expect(system.memberships.byProfile.size).toBe(1_500);
    expect(system.announced).toEqual([1]);
    expect(await rowDocuments()).toBe(0);
  });

  it('gives the same model when every step dies midway, runs again and runs once too often', async () => {
    const clean = build(new FakeProfiles(someProfiles(3_000)));
    const expected = await clean.models.find((await clean.runs.get(await trainUpTo(clean, 5))).modelVersion);
    await mongo.clear();

    const profiles = new FakeProfiles(someProfiles(3_000));
    const system = build(profiles);
    const run = await system.starter.start({ trigger: 'MANUAL', seed: 5 });
    profiles.dieAfter = 800;
    for (let partition = 0; partition < PARTITIONS; partition++)
      await expect(system.extract.execute(run.id, partition)).rejects.toThrow('died');
    expect(await rowDocuments()).toBeGreaterThan(0); // what dead attempts leave behind
    profiles.dieAfter = null;
    for (const partition of [2, 0, 1, 1, 2]) await system.extract.execute(run.id, partition);
    await search(system, run.id);
    await search(system, run.id);
    await Promise.all([system.fit.execute(run.id), system.fit.execute(run.id)]);
    await system.fit.execute(run.id);
    await system.validate.execute(run.id);
    await system.validate.execute(run.id);
    expect(await system.models.find(run.modelVersion)).toEqual(expected);
  });

  it('reads the rows of one extraction only when two ran at the same time', async () => {
    const system = build(new FakeProfiles(someProfiles(1_500)));
    const run = await system.starter.start({ trigger: 'MANUAL' });
    for (let partition = 0; partition < PARTITIONS; partition++) {
      await Promise.all([system.extract.execute(run.id, partition), system.extract.execute(run.id, partition)]);
    }
    const after = await system.runs.get(run.id);
    const train = await system.rows.load(after, 'TRAIN');
    expect(train.rows).toBe(Object.values(after.extracted).reduce((sum, part) => sum + part.train, 0));
    expect(
      await mongo
        .connection()
        .collection('training_rows')
        .countDocuments({ attempt: { $nin: Object.values(after.extracted).map((part) => part.attempt) } }),
    ).toBeGreaterThan(0);
  });

  it('fills what is missing or infinite, and drops rows of other features', async () => {
    const broken = [new Float64Array(2), Float64Array.of(1, Number.NaN, 0), Float64Array.of(1, Number.POSITIVE_INFINITY, 0)];
    const profiles = broken.map((features, at): FakeProfile => {
      return { profileId: `broken-${at}`, profileVersion: 1, features, consent: ['TRAINING', 'PERSONALIZATION'] };
    });
    const system = build(new FakeProfiles([...someProfiles(600), ...profiles.slice(1), ...profiles.slice(0, 1)]));
    const { extracted, modelVersion } = await system.runs.get(await trainUpTo(system));
    expect(Object.values(extracted).reduce((sum, part) => sum + part.dropped, 0)).toBe(1);
    expect(Object.values(extracted).reduce((sum, part) => sum + part.train + part.tune + part.test, 0)).toBe(542);
    expect((await system.models.find(modelVersion))?.clusterer.middles.flat().every(Number.isFinite)).toBe(true);
  });

  it('refuses to train on too few rows and says how many there are', async () => {
    const system = build(new FakeProfiles(someProfiles(100)));
    await expect(trainUpTo(system)).rejects.toMatchObject({ code: 'TOO_FEW_ROWS', details: { needs: 200, has: 90 } });
  });

  it('notices rows that went missing', async () => {
    const system = build(new FakeProfiles(someProfiles(600)));
    const run = await system.starter.start({ trigger: 'MANUAL' });
    for (let partition = 0; partition < PARTITIONS; partition++) await system.extract.execute(run.id, partition);
    await mongo.connection().collection('training_rows').deleteOne({ runId: run.id, split: 'TRAIN' });
    await system.plan.execute(run.id);
    await expect(system.trial.execute(run.id, 0, 0)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('keeps the live model when the gate refuses the candidate, and says why', async () => {
    const champion = build(new FakeProfiles(someProfiles(1_500)));
    await complete(champion, await trainUpTo(champion));
    const challenger = build(new FakeProfiles(someProfiles(1_500)), { search: { ...quickSettings().search, maxSegments: 2 } });
    const runId = await trainUpTo(challenger);
    expect(await challenger.publish.execute(runId)).toBe('REFUSED');
    expect(await challenger.runs.get(runId)).toMatchObject({ status: 'REFUSED', failure: { code: 'SEGMENT_GATE_REFUSED' } });
    expect((await challenger.models.findPublished())?.version).toBe(1);
    expect(await challenger.models.find(2)).toMatchObject({ status: 'REFUSED', refusal: expect.stringMatching(/^WORSE_THAN_LIVE/) });
    expect(challenger.announced).toEqual([]);
    expect(await rowDocuments()).toBe(0);
  });

  it('retires the live model for an equally good successor and may publish twice', async () => {
    const system = build(new FakeProfiles(someProfiles(1_500)));
    await complete(system, await trainUpTo(system));
    const runId = await trainUpTo(system);
    expect(await Promise.all([system.publish.execute(runId), system.publish.execute(runId)])).toEqual(['PUBLISHED', 'PUBLISHED']);
    expect((await system.models.list(10, null)).map(({ version, status }) => [version, status])).toEqual([
      [2, 'PUBLISHED'],
      [1, 'RETIRED'],
    ]);
  });

  it('goes on where an assignment died and counts nobody twice', async () => {
    const profiles = new FakeProfiles(someProfiles(6_000));
    const system = build(profiles);
    const runId = await trainUpTo(system);
    await system.publish.execute(runId);
    profiles.dieAfter = 1_200; // two full batches of 500 are noted
    await expect(system.assign.execute(runId, 0)).rejects.toThrow('died');
    profiles.dieAfter = null;
    expect(Object.values((await system.runs.get(runId)).assigned['0']?.counts ?? {}).reduce((sum, count) => sum + count, 0)).toBe(1_000);
    for (const partition of [0, 0, 1, 2]) await system.assign.execute(runId, partition);
    await system.finish.succeed(runId);
    expect((await system.models.findPublished())?.segments.reduce((sum, segment) => sum + segment.size, 0)).toBe(6_000);
    expect(system.memberships.told).toBe(6_000);
  });

  it('refuses a second active run, also when eight start at once', async () => {
    const system = build(new FakeProfiles([]));
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => system.starter.start({ trigger: 'MANUAL' })));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    await expect(system.starter.start({ trigger: 'SCHEDULE' })).rejects.toMatchObject({
      code: 'STALE_WRITE',
      details: { runId: expect.any(String) },
    });
  });

  it('gives up a silent run for a new one, and the old one can publish nothing any more', async () => {
    const system = build(new FakeProfiles(someProfiles(1_500)));
    const old = await trainUpTo(system);
    clock.advance(60_000);
    const next = await system.starter.start({ trigger: 'SCHEDULE' });
    expect(next.modelVersion).toBe(2);
    expect(await system.runs.get(old)).toMatchObject({ status: 'FAILED', failure: { code: 'DEPENDENCY_UNAVAILABLE' } });
    expect(await system.publish.execute(old)).toBe('SKIPPED');
    expect(await system.models.publish(1, old, clock.now())).toBe(false);
    expect(await system.models.findPublished()).toBeNull();
  });

  it('fails a run whose steps cannot be queued, so that the next one may start', async () => {
    const broken = new RecordedQueue();
    broken.enqueueTraining = () => Promise.reject(new TypeError('connection is closed'));
    const system = build(new FakeProfiles([]), {}, broken);
    await expect(system.starter.start({ trigger: 'MANUAL' })).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
    expect(await system.runs.findActive()).toBeNull();
  });

  it.each([
    [1, 5],
    [5, 4],
    [2, 51],
    [2.5, 5],
  ])('refuses to search from %d to %d segments', async (minSegments, maxSegments) => {
    await expect(build(new FakeProfiles([])).starter.start({ trigger: 'MANUAL', minSegments, maxSegments })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  it('learns responses where people had a chance to respond, one window earlier for those who train', async () => {
    const asked: string[] = [];
    const profiles = someProfiles(1_500).map((profile, at): FakeProfile => ({
      ...profile,
      historyOf: ({ from, until }) => {
        asked.push(`${(clock.now() - until) / 86_400_000}-${(clock.now() - from) / 86_400_000}`);
        return at % 4 === 0 ? null : { features: profile.features, responded: Math.floor(at / 3) % 10 < (at % 3 === 0 ? 1 : 6) };
      },
    }));
    const system = build(new FakeProfiles(profiles), { responseDays: 7 });
    const run = await system.runs.get(await trainUpTo(system));
    expect(new Set(asked)).toEqual(new Set(['7-14', '0-7']));
    const known = Object.values(run.extracted).reduce((sum, { responses }) => sum + responses.TRAIN + responses.TUNE + responses.TEST, 0);
    expect(known).toBe(profiles.filter(({ consent }, at) => consent.includes('TRAINING') && at % 4 !== 0).length);
    const { table, target } = await system.rows.loadResponses(run, 'TRAIN');
    expect([table.rows, target.length]).toEqual([
      target.length,
      Object.values(run.extracted).reduce((sum, part) => sum + part.responses.TRAIN, 0),
    ]);
    expect(new Set(target)).toEqual(new Set([0, 1]));
    const model = await system.models.find(run.modelVersion);
    expect(model?.response?.auc).toBeGreaterThan(0.5);
    expect(model?.metrics['responseGain']).toBeGreaterThan(0);
    expect(model?.segments.every(({ rate }) => rate !== null && rate.low < rate.value && rate.value < rate.high)).toBe(true);
    expect(run.trials['0']?.['0']?.responseGain).not.toBeNull();
  });

  it('stores what was measured, where the rows came from and what the model comes from', async () => {
    const system = build(new FakeProfiles(someProfiles(1_500)));
    await complete(system, await trainUpTo(system));
    const runId = await trainUpTo(system);
    const run = await system.runs.get(runId);
    expect(run.log.EXTRACT?.find(({ name }) => name === 'droppedRows')?.value).toBe(0);
    expect(run.log.SEARCH?.some(({ name }) => name === 'rung1.silhouette')).toBe(true);
    expect(run.log.FIT?.some(({ name }) => name === 'stability')).toBe(true);
    expect(run.log.VALIDATE?.some(({ name }) => name === 'liveVersion')).toBe(true);
    expect(run.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(await system.models.find(2)).toMatchObject({ fingerprint: run.fingerprint, parentVersion: 1, codeVersion: 'test', seed: 2 });
    expect((await system.models.find(1))?.fingerprint).not.toBe(run.fingerprint); // other seed, other splits
  });

  it('counts nobody out loud whose group is small, in the metrics of a run neither', async () => {
    const system = build(new FakeProfiles(someProfiles(1_500)));
    const runId = await trainUpTo(system);
    await system.publish.execute(runId);
    const [first, second] = (await system.models.findPublished())?.segments.map(({ id }) => id) ?? [];
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const counts = partition === 0 ? { [first ?? '']: 700, [second ?? '']: 9 } : {};
      await system.runs.saveAssignment(runId, partition, { after: null, done: true, counts }, clock.now());
    }
    await system.finish.succeed(runId);
    expect((await system.runs.get(runId)).log.ASSIGN?.map(({ value }) => value)).toEqual([700, 0]);
  });

  it('trains, and judges, without a champion that this release cannot run', async () => {
    const system = build(new FakeProfiles(someProfiles(1_500)));
    await complete(system, await trainUpTo(system));
    await mongo
      .connection()
      .collection<{ _id: number }>('segment_models')
      .updateOne({ _id: 1 }, { $set: { 'pipeline.version': 9 } });
    const runId = await trainUpTo(system);
    expect(await system.publish.execute(runId)).toBe('PUBLISHED');
    expect((await system.models.find(2))?.segments.map(({ id }) => id)).toEqual(['seg-3', 'seg-4', 'seg-5']);
  });
});
