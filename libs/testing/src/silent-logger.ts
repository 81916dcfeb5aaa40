import { pino, type Logger } from 'pino';

/** A real logger that says nothing. */
export const silentLogger: Logger = pino({ level: 'silent' });

export interface CapturedLog {
  readonly logger: Logger;
  /** Every line so far, parsed: what a test that forbids secrets in logs reads. */
  lines(): readonly Readonly<Record<string, unknown>>[];
  text(): string;
}

/** A real logger at `debug` whose output a test can read. */
export function capturedLog(): CapturedLog {
  const written: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void written.push(line) });
  return { logger, lines: () => written.map(parseLine), text: () => written.join('') };
}

function parseLine(line: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(line);
  return typeof value === 'object' && value !== null ? { ...value } : { line };
}
