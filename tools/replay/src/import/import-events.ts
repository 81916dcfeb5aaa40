import { DomainError } from '@vitrine/kernel';
import { combinedLogFormat } from './combined-log.format';
import { csvFormat } from './csv.format';
import { csvMapping } from './csv-mapping';
import type { EventFormat } from './event-format';
import { httpSink, patientSink } from './event-sink';
import { importFile, type ImportOutcome } from './import-file';
import { ImportStates, sha256Of } from './import-state';
import { openInput, type InputFile } from './input-file';
import { logMapping } from './log-mapping';
import { ndjsonFormat } from './ndjson.format';
import { readMapping } from './read-mapping';
import type { ImportTally } from './tally';

export const IMPORT_FORMATS = ['ndjson', 'csv', 'combined'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ImportEventsOptions {
  readonly file: string;
  /** Absent: told by the name of the file. */
  readonly format?: ImportFormat;
  /** A JSON file that says what columns or paths mean; a CSV file needs one. */
  readonly mapping?: string;
  readonly gatewayUrl: string;
  /** A secret key. */
  readonly key: string;
  /** Names the gateways behind the address, where that may change: progress belongs to them. */
  readonly target: string;
  /** Where progress is kept. */
  readonly stateDir: string;
  readonly restart: boolean;
  /** Bytes read, bytes of the file, and what was answered so far. */
  readonly progress: (read: number, size: number, tally: ImportTally) => void;
  readonly signal: AbortSignal;
}

const ENDINGS: Readonly<Record<string, ImportFormat>> = {
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'ndjson',
  csv: 'csv',
  tsv: 'csv',
  log: 'combined',
};
const PATIENCE_MS = 120_000;

/** `access.log.1` and `access.log.2.gz` are logs too. @throws DomainError BAD_USER_INPUT when the name does not tell */
export function formatOf(file: string): ImportFormat {
  const [ending] = /\.[a-z]+$/.exec(
    file
      .toLowerCase()
      .replace(/\.gz$/, '')
      .replace(/[.-]\d+$/, ''),
  ) ?? [''];
  const format = ENDINGS[ending.slice(1)];
  if (format !== undefined) return format;
  throw new DomainError('BAD_USER_INPUT', `the name of ${file} does not tell its format: name it with --format`);
}

/** Imports a file of events into a gateway: see `importFile`. A gateway that is away is waited for up to two minutes. */
export async function importEvents(options: ImportEventsOptions): Promise<ImportOutcome> {
  const { file, gatewayUrl, key, mapping, target, progress, restart, signal } = options;
  const name = options.format ?? formatOf(file);
  const input = await openInput(file);
  const { format, setting } = await formatFor(name, input, mapping);
  const sink = patientSink(httpSink({ gatewayUrl, key }), { wait: waiting(signal), now: () => performance.now(), patienceMs: PATIENCE_MS });
  return importFile({
    input,
    format,
    sink,
    states: new ImportStates(options.stateDir),
    setting: sha256Of(JSON.stringify([name, setting, target])),
    restart,
    progress: (tally) => progress(input.bytesRead(), input.size, tally),
    signal,
  });
}

/** The setting is the mapping as text, for another mapping makes another import. */
async function formatFor(
  name: ImportFormat,
  input: InputFile,
  mapping: string | undefined,
): Promise<{ readonly format: EventFormat; readonly setting: string }> {
  if (name === 'ndjson') return { format: ndjsonFormat(input), setting: '' };
  if (name === 'combined') {
    const rules = mapping === undefined ? logMapping.parse({}) : await readMapping(mapping, logMapping);
    return { format: combinedLogFormat(input, rules), setting: settingOf(rules) };
  }
  if (mapping === undefined) throw new DomainError('IMPORT_MAPPING_INVALID', 'a CSV file needs --mapping: what its columns mean');
  const fields = await readMapping(mapping, csvMapping);
  return { format: csvFormat(input, fields), setting: settingOf(fields) };
}

function settingOf(mapping: object): string {
  return JSON.stringify(mapping, (_, value: unknown) => (value instanceof RegExp ? value.source : value));
}

/** Ends early when the import is told to stop, which then hears of the failure it waited for. */
function waiting(signal: AbortSignal): (ms: number) => Promise<void> {
  return (ms) =>
    new Promise((resolve, reject) => {
      const stopped = (): void => reject(new DomainError('SHUTTING_DOWN', 'the import was told to stop; the same call goes on with it'));
      if (signal.aborted) return stopped();
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      const onAbort = (): void => {
        clearTimeout(timer);
        stopped();
      };
      signal.addEventListener('abort', onAbort, { once: true });
    });
}
