import 'reflect-metadata';
import { createLogger, loadConfig, redactConfig, type Config, type Logger } from '@vitrine/platform';
import { composeWorker } from './compose';
import { EXIT_CODES, exitCodeOf } from './exit-code';

void start();

async function start(): Promise<void> {
  const config = readConfig();
  if (config === null) return;
  const logger = createLogger({ name: 'vitrine-worker', level: config.LOG_LEVEL });
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'a promise was rejected and nobody looked'));
  try {
    logger.info({ config: redactConfig(config) }, 'starting');
    const worker = await composeWorker(config, logger);
    stopOnSignals(worker.stop, logger);
    const address = await worker.start();
    logger.info({ address }, 'working');
  } catch (error) {
    logger.fatal({ err: error }, 'the worker could not start');
    end(logger, exitCodeOf(error));
  }
}

/** A wrong environment is for a person to read: plain lines on standard error, every fault at once. */
function readConfig(): Config | null {
  try {
    return loadConfig();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = exitCodeOf(error);
    return null;
  }
}

/** The first signal lets jobs finish, the second does not wait: what is unfinished runs again elsewhere. */
function stopOnSignals(stop: () => Promise<void>, logger: Logger): void {
  let signals = 0;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      signals++;
      if (signals > 1) return end(logger, EXIT_CODES.failed);
      stop().then(
        () => end(logger, 0),
        (error: unknown) => {
          logger.error({ err: error }, 'stopping failed');
          end(logger, EXIT_CODES.failed);
        },
      );
    });
  }
}

function end(logger: Logger, code: number): void {
  logger.flush(() => process.exit(code));
}
