import 'reflect-metadata';
import type { FaultHooks } from '@vitrine/feedback';
import { createLogger, loadConfig } from '@vitrine/platform';
import { composeWorker } from '../compose';

/**
 * The worker, with a fault: `fault-worker <beforeCommit|afterCommit|midFold> <n>` dies by SIGKILL when it comes there for the n-th time.
 * It gives its jobs' locks up after a second, so that whoever takes over need not wait for the usual half minute.
 */
const POINTS: Readonly<Record<string, (die: () => void) => FaultHooks>> = {
  beforeCommit: (die) => ({ beforeCommit: die }),
  afterCommit: (die) => ({ afterCommit: die }),
  midFold: (die) => ({ midFold: die }),
};
const LOCK_MS = 1_000;

void start(process.argv.slice(2));

async function start([point = '', nth = '1']: readonly string[]): Promise<void> {
  const config = loadConfig();
  const logger = createLogger({ name: 'vitrine-fault-worker', level: config.LOG_LEVEL });
  const hooks = POINTS[point];
  if (hooks === undefined) {
    logger.fatal({ point }, 'no such point');
    process.exitCode = 2;
    return;
  }
  let visits = 0;
  const die = (): void => {
    visits++;
    if (visits === Number(nth)) process.kill(process.pid, 'SIGKILL');
  };
  const worker = await composeWorker(config, logger, { hooks: hooks(die), lockDurationMs: LOCK_MS });
  await worker.start();
}
