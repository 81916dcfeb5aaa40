import 'reflect-metadata';
import { createLogger, loadConfig, redactConfig, type Config, type Logger } from '@vitrine/platform';
import { composeGateway } from './compose';
import { EXIT_CODES, exitCodeOf } from './exit-code';

void start();

async function start(): Promise<void> {
  const config = readConfig();
  if (config === null) return;
  const logger = createLogger({ name: 'vitrine-gateway', level: config.LOG_LEVEL });
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'a promise was rejected and nobody looked'));
  try {
    logger.info({ config: redactConfig(config) }, 'starting');
    const gateway = await composeGateway(config, logger);
    stopOnSignals(gateway.shutdown, logger);
    const address = await gateway.listen();
    logger.info({ address }, 'listening');
  } catch (error) {
    logger.fatal({ err: error }, 'the gateway could not start');
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

/** The first signal drains, the second does not wait. */
function stopOnSignals(shutdown: (reason: string) => Promise<void>, logger: Logger): void {
  let signals = 0;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      signals++;
      if (signals > 1) return end(logger, EXIT_CODES.failed);
      shutdown(signal).then(
        () => end(logger, 0),
        (error: unknown) => {
          logger.error({ err: error }, 'draining failed');
          end(logger, EXIT_CODES.failed);
        },
      );
    });
  }
}

function end(logger: Logger, code: number): void {
  logger.flush(() => process.exit(code));
}
