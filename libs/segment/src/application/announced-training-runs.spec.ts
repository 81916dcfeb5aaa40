import { DomainError } from '@vitrine/kernel';
import { anExtraction, aTrainingRun, aTrialScore } from '../testing/segment.fixture';
import { AnnouncedTrainingRuns } from './announced-training-runs';
import type { TrainingRunRepository } from './training-ports';

const RUN = aTrainingRun();

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
    list: done('list', [RUN]),
    count: done('count', 7),
    prune: done('prune', 2),
    lastModelVersion: done('lastModelVersion', 4),
    commitExtraction: done('commitExtraction', undefined),
    saveAssignment: done('saveAssignment', undefined),
    savePlan: done('savePlan', undefined),
    saveTrial: done('saveTrial', undefined),
    saveChoice: done('saveChoice', undefined),
    saveLog: done('saveLog', undefined),
    moveTo: done('moveTo', undefined),
    touch: done('touch', undefined),
    finish: done('finish', undefined),
    abandon: done('abandon', true),
  };
  const runs = new AnnouncedTrainingRuns({ runs: stored, announceRun: (runId) => void log.push(`announced ${runId}`) });
  const WRITES: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['create', () => runs.create(RUN)],
    ['commitExtraction', () => runs.commitExtraction(RUN.id, 0, anExtraction(), 1)],
    ['saveAssignment', () => runs.saveAssignment(RUN.id, 0, { after: null, done: true, counts: {} }, 1)],
    ['savePlan', () => runs.savePlan(RUN.id, { fingerprint: 'f', configurations: [] }, 1)],
    ['saveTrial', () => runs.saveTrial(RUN.id, { rung: 0, number: 3, score: aTrialScore() }, 1)],
    ['saveChoice', () => runs.saveChoice(RUN.id, 3, 1)],
    ['saveLog', () => runs.saveLog(RUN.id, 'FIT', [], 1)],
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
    expect([await runs.get(RUN.id), await runs.findActive(), await runs.list(5, null)]).toEqual([RUN, RUN, [RUN]]);
    expect([await runs.count(), await runs.prune(9), await runs.lastModelVersion()]).toEqual([7, 2, 4]);
    await runs.touch(RUN.id, 1);
    expect(await runs.create(RUN)).toBe('created');
    expect(await runs.abandon(RUN.id, 0, 1)).toBe(true);
    const reads = ['get', 'findActive', 'list', 'count', 'prune', 'lastModelVersion', 'touch'];
    expect(log).toEqual([...reads, 'create', 'announced run-1', 'abandon', 'announced run-1']);
  });

  it('hands every argument on as it came', async () => {
    const calls: unknown[][] = [];
    const echo = new Proxy(stored, {
      get:
        (_, name) =>
        (...args: unknown[]) =>
          Promise.resolve(void calls.push([name, ...args])),
    });
    const through = new AnnouncedTrainingRuns({ runs: echo, announceRun: () => undefined });
    const score = aTrialScore();
    await through.saveTrial('r', { rung: 1, number: 2, score }, 3);
    await through.savePlan('r', { fingerprint: 'f', configurations: [] }, 4);
    await through.saveLog('r', 'FIT', [{ name: 'a', index: 0, value: 1 }], 5);
    await through.saveAssignment('r', 1, { after: 'p', done: false, counts: {} }, 6);
    await through.list(10, 'before');
    expect(calls).toEqual([
      ['saveTrial', 'r', { rung: 1, number: 2, score }, 3],
      ['savePlan', 'r', { fingerprint: 'f', configurations: [] }, 4],
      ['saveLog', 'r', 'FIT', [{ name: 'a', index: 0, value: 1 }], 5],
      ['saveAssignment', 'r', 1, { after: 'p', done: false, counts: {} }, 6],
      ['list', 10, 'before'],
    ]);
  });
});
