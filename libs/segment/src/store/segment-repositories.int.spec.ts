import { runMigrations } from '@vitrine/platform';
import { useMongo } from '@vitrine/testing';
import { aSegmentModel, aTrainingRun, aTrialScore } from '../testing/segment.fixture';
import { MongoDriftRepository } from './mongo-drift.repository';
import { MongoSegmentModelRepository } from './mongo-segment-model.repository';
import { MongoTrainingRunRepository } from './mongo-training-run.repository';
import { segmentMigrations } from './segment-migrations';

describe('what trainings store', () => {
  const mongo = useMongo();
  beforeAll(() => runMigrations(mongo.connection(), segmentMigrations));
  beforeEach(() => mongo.clear());
  const models = () => new MongoSegmentModelRepository(mongo.connection());
  const runs = () => new MongoTrainingRunRepository(mongo.connection());
  const statuses = async () => Object.fromEntries((await models().list(99, null)).map(({ version, status }) => [version, status]));

  describe('versions', () => {
    const version = (number: number, over: Parameters<typeof aSegmentModel>[0] = {}) =>
      models().insert(aSegmentModel({ version: number, status: 'RETIRED', ...over }));

    it('are read as they were written, and the first of a version stays', async () => {
      const model = aSegmentModel({ version: 4, response: null, refusal: null, metrics: { a: 0.1 + 0.2 } });
      await models().insert(model);
      await models().insert({ ...model, seed: 99 });
      expect(await models().find(4)).toEqual(model);
    });

    it('number new segments on from the highest that any had', async () => {
      expect(await models().nextSegment()).toBe(0);
      await version(1, { nextSegment: 9 });
      await version(2, { nextSegment: 4 });
      expect(await models().nextSegment()).toBe(9);
    });

    it('go, but for the newest, the live one and the one that a rollback goes to', async () => {
      await version(1);
      await version(2, { status: 'RETIRED' });
      await version(3, { status: 'PUBLISHED', parentVersion: 2 });
      await version(4, { status: 'REFUSED' });
      await version(5, { status: 'CANDIDATE' }); // of a run that was cancelled
      await version(6, { status: 'REFUSED' });
      await version(7, { status: 'RETIRED' });
      expect(await models().prune(2)).toEqual([1, 4, 5]);
      expect(await statuses()).toEqual({ 2: 'RETIRED', 3: 'PUBLISHED', 6: 'REFUSED', 7: 'RETIRED' });
      expect(await models().prune(2)).toEqual([]);
      expect(await models().prune(9)).toEqual([]);
    });

    it('that were live take the place of the live one, whole or not at all, once', async () => {
      await version(1);
      await version(2, { status: 'PUBLISHED' });
      await version(3, { status: 'REFUSED' });
      expect(await models().restore(2, 3)).toBe(false);
      expect(await models().restore(1, 1)).toBe(false);
      expect(await statuses()).toEqual({ 1: 'RETIRED', 2: 'PUBLISHED', 3: 'REFUSED' });
      const raced = await Promise.all(Array.from({ length: 4 }, () => models().restore(2, 1)));
      expect(raced.filter(Boolean)).toHaveLength(1);
      expect(await statuses()).toEqual({ 1: 'PUBLISHED', 2: 'RETIRED', 3: 'REFUSED' });
    });

    it('keep their first verdict', async () => {
      await version(1, { status: 'CANDIDATE', metrics: {} });
      await models().saveVerdict(1, { refusal: 'UNSTABLE: 0.1', metrics: { heldOutRows: 5 } });
      await models().saveVerdict(1, { refusal: null, metrics: { heldOutRows: 9 } });
      expect(await models().find(1)).toMatchObject({ status: 'REFUSED', refusal: 'UNSTABLE: 0.1', metrics: { heldOutRows: 5 } });
    });
  });

  describe('runs', () => {
    const ended = (number: number, over: Parameters<typeof aTrainingRun>[0] = {}) =>
      runs().create(aTrainingRun({ id: `run-${number}`, status: 'REFUSED', startedAt: number, modelVersion: number, ...over }));

    it('are read as they were written', async () => {
      const run = aTrainingRun({ finishedAt: null, log: { FIT: [{ name: 'a', index: 0, value: 1 }] } });
      expect(await runs().create(run)).toBe('created');
      expect(await runs().get('run-1')).toEqual(run);
    });

    it('keep the first plan and the first score of a trial, and every figure of it', async () => {
      await runs().create(aTrainingRun());
      const plan = { fingerprint: 'f', configurations: [aSegmentModel().configuration] };
      await runs().savePlan('run-1', plan, 1);
      await runs().savePlan('run-1', { ...plan, fingerprint: 'g' }, 2);
      const score = aTrialScore({ responseGain: 0.012345678901234567 });
      await runs().saveTrial('run-1', { rung: 0, number: 3, score }, 3);
      await runs().saveTrial('run-1', { rung: 0, number: 3, score: aTrialScore({ silhouette: 0 }) }, 4);
      await runs().saveTrial('run-1', { rung: 1, number: 3, score }, 5);
      await runs().saveChoice('run-1', 3, 6);
      expect(await runs().get('run-1')).toMatchObject({ ...plan, trials: { 0: { 3: score }, 1: { 3: score } }, chosen: 3 });
    });

    it('that have ended are changed by nothing', async () => {
      await ended(1);
      const before = await runs().get('run-1');
      await runs().saveTrial('run-1', { rung: 0, number: 0, score: aTrialScore() }, 9);
      await runs().savePlan('run-1', { fingerprint: 'f', configurations: [] }, 9);
      await runs().saveChoice('run-1', 1, 9);
      await runs().saveLog('run-1', 'FIT', [], 9);
      await runs().moveTo('run-1', 'DONE', 9);
      await runs().touch('run-1', 9);
      await runs().finish('run-1', { status: 'PUBLISHED', step: 'DONE', failure: null }, 9);
      expect(await runs().abandon('run-1', 99, 9)).toBe(false);
      expect(await runs().get('run-1')).toEqual(before);
    });

    it('are listed newest first, from behind one that is held', async () => {
      for (const number of [1, 2, 3]) await ended(number);
      const ids = async (limit: number, before: string | null) => (await runs().list(limit, before)).map(({ id }) => id);
      expect([await ids(2, null), await ids(2, 'run-2'), await ids(2, 'run-1')]).toEqual([['run-3', 'run-2'], ['run-1'], []]);
      await expect(runs().list(2, 'gone')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    });

    it('go when they are old, but for the one under way and the last that claimed a version', async () => {
      await ended(1, { modelVersion: 7 });
      await ended(2);
      await ended(3, { kind: 'REASSIGN', modelVersion: 2 });
      await runs().create(aTrainingRun({ id: 'run-0', startedAt: 0, modelVersion: 6 }));
      await ended(4, { kind: 'REASSIGN', modelVersion: 2 });
      expect(await runs().prune(2)).toBe(1);
      expect((await runs().list(9, null)).map(({ id }) => id)).toEqual(['run-4', 'run-3', 'run-1', 'run-0']);
      expect(await runs().lastModelVersion()).toBe(7);
    });

    it('may apply a version again that another made, but not make it a second time', async () => {
      await ended(1);
      expect(await runs().create(aTrainingRun({ id: 'again', modelVersion: 1 }))).toBe('busy');
      expect(await runs().create(aTrainingRun({ id: 'again', modelVersion: 1, kind: 'REASSIGN' }))).toBe('created');
    });
  });

  it('keeps the newest comparison of populations', async () => {
    const drift = new MongoDriftRepository(mongo.connection());
    expect(await drift.find()).toBeNull();
    const check = {
      modelVersion: 1,
      checkedAt: 5,
      rows: 9,
      features: [{ name: 'x', index: 0.1 }],
      segments: 0.2,
      drifted: false,
      retrained: false,
    };
    await drift.save(check);
    await drift.save({ ...check, checkedAt: 6, drifted: true });
    expect(await drift.find()).toEqual({ ...check, checkedAt: 6, drifted: true });
  });
});
