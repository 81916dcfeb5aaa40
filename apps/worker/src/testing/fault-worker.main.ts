import 'reflect-metadata';
import { createLogger, loadConfig } from '@vitrine/platform';
import { composeWorker, type WorkerFaults } from '../compose';

/**
 * The worker, with a fault: it dies by SIGKILL when it comes for the n-th time to a point,
 *
 *   fault-worker <beforeCommit|afterCommit|midFold> <n>
 *   fault-worker <during|after> <name of a segment job>    shortly after such a job began, or when it has done everything but say so
 *
 * It gives its jobs' locks up after a second, so that whoever takes over need not wait for the usual half minute.
 */
const LOCK_MS = 1_000;
const STALLED_EVERY_MS = 500;
/** A job has begun, and what it computes in a thread is under way. */
const SHORTLY_MS = 5;

type Faults = Pick<WorkerFaults, 'hooks' | 'aroundSegmentJob'>;

const die = (): void => void process.kill(process.pid, 'SIGKILL');

function faultOf(point: string, which: string): Faults | null {
  let visits = 0;
  const dieOnNth = (): void => {
    visits++;
    if (visits === Number(which)) die();
  };
  switch (point) {
    case 'beforeCommit':
      return { hooks: { beforeCommit: dieOnNth } };
    case 'afterCommit':
      return { hooks: { afterCommit: dieOnNth } };
    case 'midFold':
      return { hooks: { midFold: dieOnNth } };
    case 'during':
      return { hooks: {}, aroundSegmentJob: (name) => void (name === which && setTimeout(die, SHORTLY_MS)) };
    case 'after':
      return { hooks: {}, aroundSegmentJob: (name) => (name === which ? die : undefined) };
    default:
      return null;
  }
}

async function start([point = '', which = '1']: readonly string[]): Promise<void> {
  const config = loadConfig();
  const logger = createLogger({ name: 'vitrine-fault-worker', level: config.LOG_LEVEL });
  const fault = faultOf(point, which);
  if (fault === null) {
    logger.fatal({ point }, 'no such point');
    process.exitCode = 2;
    return;
  }
  const worker = await composeWorker(config, logger, { ...fault, lockDurationMs: LOCK_MS, stalledEveryMs: STALLED_EVERY_MS });
  await worker.start();
}

void start(process.argv.slice(2));
