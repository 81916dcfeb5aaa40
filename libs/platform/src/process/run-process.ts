import { loadConfig, redactConfig, type Config } from '../config/config';
import { createLogger, type Logger } from '../logging/logger';
import { EXIT_CODES, exitCodeOf } from './exit-code';

/** A program that was built and does not serve yet. */
export interface Service {
  /** @returns the address that it serves */
  start(): Promise<string>;
  /** Finishes what is under way and closes everything; called at most once. */
  stop(reason: string): Promise<void>;
}

/** What a program sees of its operating system process, so that a test can stand in for it. */
export interface ProcessHost {
  /** @throws DomainError CONFIG_INVALID */
  config(): Config;
  logger(name: string, config: Config): Logger;
  onSignal(signal: NodeJS.Signals, run: () => void): void;
  onUnhandledRejection(run: (error: unknown) => void): void;
  /** Plain lines for a person at a terminal. */
  complain(text: string): void;
  /** Ends the process once its log is written. */
  exit(code: number, logger: Logger): void;
  /** Ends it by itself, with nothing to wait for. */
  setExitCode(code: number): void;
}

export interface RunOptions {
  /** Without the product's name: `gateway`. */
  readonly name: string;
  readonly compose: (config: Config, logger: Logger) => Promise<Service>;
  readonly host?: ProcessHost;
}

const STOP_SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

/**
 * Reads the environment, builds the service, serves until a signal comes, and ends with a code that tells a supervisor what to mend.
 * Never rejects: what goes wrong is in the log and in the exit code.
 */
export async function runProcess({ name, compose, host = REAL_HOST }: RunOptions): Promise<void> {
  const config = readConfig(host);
  if (config === null) return;
  const logger = host.logger(`vitrine-${name}`, config);
  host.onUnhandledRejection((error) => logger.error({ err: error }, 'a promise was rejected and nobody looked'));
  try {
    logger.info({ config: redactConfig(config) }, 'starting');
    const service = await compose(config, logger);
    stopOnSignals(service, host, logger);
    const address = await service.start();
    logger.info({ address }, 'serving');
  } catch (error) {
    logger.fatal({ err: error }, 'the process could not start');
    host.exit(exitCodeOf(error), logger);
  }
}

/** A wrong environment is for a person to read: plain lines on standard error, every fault at once. */
function readConfig(host: ProcessHost): Config | null {
  try {
    return host.config();
  } catch (error) {
    host.complain(error instanceof Error ? error.message : String(error));
    host.setExitCode(exitCodeOf(error));
    return null;
  }
}

/** The first signal drains, the second does not wait: what is unfinished runs again elsewhere. */
function stopOnSignals(service: Service, host: ProcessHost, logger: Logger): void {
  let signals = 0;
  for (const signal of STOP_SIGNALS) {
    host.onSignal(signal, () => {
      signals++;
      if (signals > 1) return host.exit(EXIT_CODES.failed, logger);
      service.stop(signal).then(
        () => host.exit(EXIT_CODES.ok, logger),
        (error: unknown) => {
          logger.error({ err: error }, 'stopping failed');
          host.exit(EXIT_CODES.failed, logger);
        },
      );
    });
  }
}

const REAL_HOST: ProcessHost = {
  config: () => loadConfig(),
  logger: (name, config) => createLogger({ name, level: config.LOG_LEVEL }),
  onSignal: (signal, run) => void process.on(signal, run),
  onUnhandledRejection: (run) => void process.on('unhandledRejection', run),
  complain: (text) => void process.stderr.write(`${text}\n`),
  exit: (code, logger) => logger.flush(() => process.exit(code)),
  setExitCode: (code) => {
    process.exitCode = code;
  },
};
