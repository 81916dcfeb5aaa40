import { DomainError } from '@vitrine/kernel';
import { capturedLog } from '@vitrine/testing';
import { createMaintenance, MAINTENANCE_JOBS, type MaintenanceDeps } from './maintenance.processor';

type Drift = Awaited<ReturnType<MaintenanceDeps['drift']['execute']>>;
const CHECK = {
  modelVersion: 4,
  checkedAt: 1,
  rows: 900,
  features: [{ name: 'x', index: 0.4 }],
  segments: 0.1,
  drifted: true,
  retrained: true,
  runId: 'run-9',
};

function build(over: { readonly check?: Drift; readonly failure?: Error; readonly silent?: string } = {}) {
  const called: string[] = [];
  const log = capturedLog();
  const note =
    <T>(what: string, value: T) =>
    () =>
      Promise.resolve((called.push(what), value));
  const run = createMaintenance({
    work: { execute: note('work', []) },
    folds: { request: note('folds', undefined) },
    erasures: { execute: note('erasures', 0) },
    priors: { execute: note('priors', []) },
    training: {
      giveUpSilent: () => Promise.resolve(over.silent ?? null),
      start: ({ trigger }) => Promise.reject((called.push(trigger), over.failure ?? new DomainError('STALE_WRITE'))),
    },
    drift: { execute: note('drift', over.check ?? null) },
    reseal: note('reseal', 0),
    expire: note('expire', 2),
    logger: log.logger,
  });
  return { called, log, job: (name: string) => run(Object.assign(Object.create(null), { id: '7', name })) };
}

describe('jobs that run by the clock', () => {
  it('say how far people have moved, and which training that started', async () => {
    const { job, log } = build({ check: CHECK });
    await job('check-drift');
    expect(log.lines()).toEqual([
      expect.objectContaining({ jobId: '7', modelVersion: 4, rows: 900, index: 0.4, drifted: true, runId: 'run-9' }),
    ]);
  });

  it('say nothing where there was nothing to compare', async () => {
    const { job, log, called } = build();
    await job('check-drift');
    expect([called, log.lines()]).toEqual([['drift'], []]);
  });

  it('start a training on schedule, and bear that one is active', async () => {
    const { job, called, log } = build();
    await expect(job('train-segments')).resolves.toBeUndefined();
    expect(called).toEqual(['SCHEDULE']);
    expect(log.lines()).toEqual([expect.objectContaining({ level: 30 })]);
  });

  it('fail, to be tried again, when a training cannot be started for another reason', async () => {
    await expect(build({ failure: new DomainError('QUEUE_UNAVAILABLE') }).job('train-segments')).rejects.toMatchObject({
      code: 'QUEUE_UNAVAILABLE',
    });
  });

  it.each(MAINTENANCE_JOBS)('have something to do for %s', async (name) => {
    const { job, called } = build();
    await job(name);
    expect(called).toHaveLength(1);
  });

  it('end a training that nobody hears of any more, and say so', async () => {
    const { job, log } = build({ silent: 'run-3' });
    await job('expire');
    expect(log.lines()).toContainEqual(expect.objectContaining({ level: 40, runId: 'run-3' }));
  });

  it('give up on a job that nobody knows', async () => {
    await expect(build().job('make-coffee')).rejects.toMatchObject({ name: 'UnrecoverableError' });
  });
});
