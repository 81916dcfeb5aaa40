import { DomainError } from '@vitrine/kernel';
import { DEFAULT_TRAINING_SETTINGS, type TrainingRun } from '../domain/training-run';
import { AnnouncedTrainingRuns } from './announced-training-runs';
import type { TrainingRunRepository } from './training-ports';

const RUN: TrainingRun = {
  ...{ id: 'run-1', trigger: 'MANUAL', status: 'RUNNING', step: 'EXTRACT', partitions: 2, seed: 1, modelVersion: 1 },
  ...{ settings: DEFAULT_TRAINING_SETTINGS, featureNames: ['x'], extracted: {}, assigned: {}, failure: null },
  ...{ startedAt: 0, updatedAt: 0, finishedAt: null },
};

describe('AnnouncedTrainingRuns', () => {
  const log: string[] = [];
  let refusing = false;
  const done =
    <T>(name: string, value: T) =>
    async (): Promise<T> => {
      await Promise.resolve();
      if (refusing) throw new DomainError('DEPENDENCY_UNAVAILABLE');
      log.push(name);
      return value;
    };
  const stored: TrainingRunRepository = {
    create: done('create', 'created' as const),
    get: done('get', RUN),
    findActive: done('findActive', RUN),
    findByModelVersion: done('findByModelVersion', null),
    lastModelVersion: done('lastModelVersion', 4),
    commitExtraction: done('commitExtraction', undefined),
    saveAssignment: done('saveAssignment', undefined),
    moveTo: done('moveTo', undefined),
    touch: done('touch', undefined),
    finish: done('finish', undefined),
    abandon: done('abandon', true),
  };
  const runs = new AnnouncedTrainingRuns({ runs: stored, announceRun: (runId) => void log.push(`announced ${runId}`) });
  const WRITES: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['create', () => runs.create(RUN)],
    ['commitExtraction', () => runs.commitExtraction(RUN.id, 0, { attempt: 'a', train: 1, tune: 1, test: 1, dropped: 0 }, 1)],
    ['saveAssignment', () => runs.saveAssignment(RUN.id, 0, { after: null, done: true, counts: {} }, 1)],
    ['moveTo', () => runs.moveTo(RUN.id, 'FIT', 1)],
    ['finish', () => runs.finish(RUN.id, { status: 'PUBLISHED', step: 'DONE', failure: null }, 1)],
    ['abandon', () => runs.abandon(RUN.id, 0, 1)],
  ];
  beforeEach(() => {
    log.length = 0;
    refusing = false;
  });

  it.each(WRITES)('announces %s once it is stored', async (name, write) => {
    await write();
    expect(log).toEqual([name, 'announced run-1']);
  });

  it.each(WRITES)('does not announce %s when it failed', async (_name, write) => {
    refusing = true;
    await expect(write()).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    expect(log).toEqual([]);
  });

  it('passes reads and signs of life on in silence, with their answers', async () => {
    expect([await runs.get(RUN.id), await runs.findActive(), await runs.findByModelVersion(1), await runs.lastModelVersion()]).toEqual([
      RUN,
      RUN,
      null,
      4,
    ]);
    await runs.touch(RUN.id, 1);
    expect(await runs.create(RUN)).toBe('created');
    expect(log).toEqual(['get', 'findActive', 'findByModelVersion', 'lastModelVersion', 'touch', 'create', 'announced run-1']);
  });
});
