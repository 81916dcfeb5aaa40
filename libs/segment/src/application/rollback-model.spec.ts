import { capturedLog } from '@vitrine/testing';
import { countingIds, frozenClock, RecordedQueue } from '../testing/in-memory-training.fixture';
import { MemoryModels, MemoryRuns } from '../testing/memory-repositories.fixture';
import { aSegmentModel, aTrainingRun } from '../testing/segment.fixture';
import { RollbackModel } from './rollback-model';
import { TrainingStarter } from './training-starter';

const versions = () => [
  aSegmentModel({ version: 1, status: 'RETIRED' }),
  aSegmentModel({ version: 2, status: 'RETIRED', parentVersion: 1 }),
  aSegmentModel({ version: 3, status: 'REFUSED', parentVersion: 2 }),
  aSegmentModel({ version: 4, status: 'PUBLISHED', parentVersion: 2 }),
  aSegmentModel({ version: 5, status: 'CANDIDATE', parentVersion: 4 }),
];

function build(models = new MemoryModels(...versions()), runs = new MemoryRuns()) {
  const queue = new RecordedQueue();
  const announced: number[] = [];
  const log = capturedLog();
  const starter = new TrainingStarter({
    ...{ runs, models, queue, clock: frozenClock(7), newId: countingIds('run'), featureNames: ['x'] },
    ...{ partitions: 3, codeVersion: 'test', abandonAfterMs: 1_000 },
  });
  const rollback = new RollbackModel({ models, starter, announce: (version) => void announced.push(version), logger: log.logger });
  return { models, runs, queue, announced, log, rollback };
}

describe('RollbackModel', () => {
  it('goes back to the version that was live before, tells everybody and gives everybody their segment again', async () => {
    const { rollback, models, runs, queue, announced, log } = build();
    const { model, runId } = await rollback.execute(null);
    expect(model).toMatchObject({ version: 2, status: 'PUBLISHED' });
    expect([models.held.get(2)?.status, models.held.get(4)?.status]).toEqual(['PUBLISHED', 'RETIRED']);
    expect(announced).toEqual([2]);
    expect(queue.asked).toEqual([`assignment ${runId} 3`]);
    expect(await runs.get(runId ?? '')).toMatchObject({
      kind: 'REASSIGN',
      trigger: 'ROLLBACK',
      step: 'ASSIGN',
      modelVersion: 2,
      status: 'RUNNING',
    });
    expect(log.lines()).toEqual([expect.objectContaining({ level: 40, from: 4, to: 2 })]);
  });

  it('goes back to any version that was live, and forward again', async () => {
    const { rollback, models, runs } = build();
    const { runId } = await rollback.execute(1);
    expect(models.held.get(1)?.status).toBe('PUBLISHED');
    await runs.finish(runId ?? '', { status: 'PUBLISHED', step: 'DONE', failure: null }, 8);
    await rollback.execute(4);
    expect(models.held.get(4)?.status).toBe('PUBLISHED');
  });

  it.each([
    [3, 'BAD_USER_INPUT', 'REFUSED'],
    [4, 'BAD_USER_INPUT', 'PUBLISHED'],
    [5, 'BAD_USER_INPUT', 'CANDIDATE'],
    [9, 'NOT_FOUND', undefined],
  ])('refuses version %d with %s', async (version, code, status) => {
    const { rollback, models, announced } = build();
    await expect(rollback.execute(version)).rejects.toMatchObject({
      code,
      details: { version, ...(status === undefined ? {} : { status }) },
    });
    expect(models.held.get(4)?.status).toBe('PUBLISHED');
    expect(announced).toEqual([]);
  });

  it.each([
    ['nothing is live', new MemoryModels(aSegmentModel({ status: 'RETIRED' }))],
    ['the live version was the first', new MemoryModels(aSegmentModel())],
    ['the parent is no longer held', new MemoryModels(aSegmentModel({ version: 9, parentVersion: 8 }))],
  ])('has nothing to go back to where %s', async (_what, models) => {
    await expect(build(models).rollback.execute(null)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('says so when another version went live meanwhile, and changes nothing', async () => {
    const models = new MemoryModels(...versions());
    models.restore = () => Promise.resolve(false);
    const { rollback, announced, queue } = build(models);
    await expect(rollback.execute(null)).rejects.toMatchObject({ code: 'STALE_WRITE' });
    expect([announced, queue.asked]).toEqual([[], []]);
  });

  it('takes the place of a run that still gives people the segments of the version gone back from', async () => {
    const runs = new MemoryRuns(aTrainingRun({ id: 'assigning', step: 'ASSIGN', modelVersion: 4, updatedAt: 7 }));
    const { rollback, queue } = build(undefined, runs);
    const { runId } = await rollback.execute(null);
    expect(await runs.get('assigning')).toMatchObject({ status: 'CANCELLED', failure: { code: 'TRAINING_CANCELLED' } });
    expect(queue.asked).toEqual([`assignment ${runId} 3`]);
  });

  it('goes back at once while a training is active; profiles follow later', async () => {
    const { rollback, models, announced, log } = build(undefined, new MemoryRuns(aTrainingRun({ modelVersion: 6, updatedAt: 7 })));
    expect(await rollback.execute(null)).toMatchObject({ runId: null, model: { version: 2 } });
    expect(models.held.get(2)?.status).toBe('PUBLISHED');
    expect(announced).toEqual([2]);
    expect(log.lines()).toHaveLength(2);
  });
});
