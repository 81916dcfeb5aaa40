import { pino, type Logger } from 'pino';

export type { Logger };

/** Structured logs: an object, then a constant message. Anything that could carry a visitor or a secret is cut out by name. */
export function createLogger(options: { readonly name: string; readonly level: string; readonly toStderr?: boolean }): Logger {
  return pino(
    {
      name: options.name,
      level: options.level,
      redact: {
        paths: ['token', 'tokens', 'traits', 'visitorId', 'userId', 'key', '*.token', '*.traits', '*.visitorId', '*.userId', '*.key'],
        censor: '[redacted]',
      },
      serializers: { err: describeError },
    },
    pino.destination({ dest: options.toStderr === true ? 2 : 1, sync: false }),
  );
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    code,
    message: error.message,
    stack: error.stack,
    cause: error.cause === undefined ? undefined : describeError(error.cause),
  };
}
