import { InvalidArgumentError, Option, type Command } from 'commander';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Writable } from 'node:stream';
import { DomainError } from '@vitrine/kernel';
import { IMPORT_FORMATS, writeEvents, type ImportFormat } from '@vitrine/replay';
import type { CliContext } from '../cli-context';
import { parseSeed, wholeNumber } from '../policy-options';

interface GenerateOptions {
  readonly lines: number;
  readonly seed: number;
  readonly format: ImportFormat;
  readonly until?: number;
  readonly out?: string;
}

const MOST_LINES = 1_000_000_000;
const HOUR_MS = 3_600_000;
const SPAN_MS = 7 * 24 * HOUR_MS;

export function registerGenerate(events: Command, context: CliContext): void {
  events
    .command('generate')
    .description('writes made-up events of shoppers over seven days, ready to be imported')
    .addOption(new Option('--lines <n>', 'how many').argParser(wholeNumber(1, MOST_LINES)).default(10_000))
    .addOption(new Option('--seed <n>', 'the same seed and times give the same events').argParser(parseSeed).default(0))
    .addOption(new Option('--format <name>', 'what to write').choices([...IMPORT_FORMATS]).default('ndjson'))
    .addOption(new Option('--until <time>', 'end of the seven days, ISO 8601 (default: the last full hour)').argParser(parseTime))
    .option('--out <file>', 'where to (default: standard output)')
    .action((options: GenerateOptions) => generate(context, options));
}

async function generate({ write, say }: CliContext, { lines, seed, format, until, out }: GenerateOptions): Promise<void> {
  const to = until ?? Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const options = { events: lines, seed, from: to - SPAN_MS, to };
  if (out === undefined) return writeEvents(streamOf(write), format, options);
  const file = createWriteStream(out, { mode: 0o600 });
  const closed = finished(file);
  closed.catch(() => undefined); // heard of below
  try {
    await Promise.race([writeEvents(file, format, options), closed]);
    file.end();
    await closed;
  } catch (cause) {
    throw new DomainError('NOT_FOUND', `${out} cannot be written`, { cause });
  }
  say(`${lines} lines in ${out}`);
}

function streamOf(write: CliContext['write']): Writable {
  return new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      write(text);
      done();
    },
  });
}

function parseTime(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError('A time is like 2026-01-05T12:00:00Z.');
  return time;
}
