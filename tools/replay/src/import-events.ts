import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { DomainError } from '@vitrine/kernel';
import type { Caller, GraphqlClient } from './graphql-client';

const RECORD = 'mutation Import($events: [EventInput!]!) { recordEvents(events: $events) { results { eventId status code } } }';
const BATCH = 200;
const FIELDS: ReadonlySet<string> = new Set([
  'eventId',
  'type',
  'occurredAt',
  'visitorId',
  'token',
  'productId',
  'category',
  'value',
  'dwellMs',
  'url',
  'properties',
]);

export interface RefusedLine {
  /** From 1. */
  readonly line: number;
  readonly code: string;
  readonly reason: string;
}

export interface ImportOutcome {
  readonly lines: number;
  readonly accepted: number;
  readonly duplicate: number;
  /** Lines that are not events, and events that the gateway refused; the first hundred. */
  readonly refused: readonly RefusedLine[];
  readonly refusedCount: number;
}

interface Pending {
  readonly line: number;
  readonly event: Readonly<Record<string, unknown>>;
}
interface RecordData {
  readonly recordEvents: { readonly results: readonly { readonly status: string; readonly code: string | null }[] };
}

const SHOWN = 100;

/**
 * Sends an NDJSON file of events (one `EventInput` per line; gzipped when its name ends in `.gz`) through `recordEvents`, in order. A line
 * that is no event is reported by its number, and the rest goes on.
 *
 * @throws DomainError NOT_FOUND without the file, DEPENDENCY_UNAVAILABLE without a gateway
 */
export async function importEvents(
  file: string,
  api: GraphqlClient,
  caller: Caller,
  progress: (lines: number) => void,
): Promise<ImportOutcome> {
  const run = new ImportRun(api, caller);
  let line = 0;
  for await (const text of linesOf(file)) {
    line += 1;
    if (text.trim() !== '') await run.take(line, text);
    if (line % 1_000 === 0) progress(line);
  }
  await run.flush();
  return run.outcome(line);
}

async function* linesOf(file: string): AsyncIterable<string> {
  await access(file).catch((cause: unknown) => {
    throw new DomainError('NOT_FOUND', `${file} cannot be read`, { cause });
  });
  const source = createReadStream(file);
  const input = file.endsWith('.gz') ? source.pipe(createGunzip()) : source;
  yield* createInterface({ input, crlfDelay: Infinity });
}

class ImportRun {
  private pending: Pending[] = [];
  private readonly refused: RefusedLine[] = [];
  private refusedCount = 0;
  private accepted = 0;
  private duplicate = 0;

  constructor(
    private readonly api: GraphqlClient,
    private readonly caller: Caller,
  ) {}

  async take(line: number, text: string): Promise<void> {
    const event = parseLine(text);
    if (typeof event === 'string') return this.refuse(line, 'IMPORT_MALFORMED_LINE', event);
    this.pending.push({ line, event });
    if (this.pending.length >= BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    const batch = this.pending;
    this.pending = [];
    if (batch.length > 0) await this.send(batch);
  }

  outcome(lines: number): ImportOutcome {
    const { accepted, duplicate, refused, refusedCount } = this;
    return { lines, accepted, duplicate, refused, refusedCount };
  }

  /** A batch that GraphQL refuses as a whole is sent line by line, so that one wrong field costs one line. */
  private async send(batch: readonly Pending[]): Promise<void> {
    try {
      const data = (await this.api.call(this.caller, RECORD, { events: batch.map(({ event }) => event) })) as RecordData;
      batch.forEach(({ line }, at) => this.note(line, data.recordEvents.results[at]));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'BAD_USER_INPUT') throw error;
      const [only] = batch;
      if (batch.length === 1 && only !== undefined) this.refuse(only.line, error.code, error.message);
      else for (const one of batch) await this.send([one]);
    }
  }

  private note(line: number, result: RecordData['recordEvents']['results'][number] | undefined): void {
    if (result?.status === 'ACCEPTED') this.accepted += 1;
    else if (result?.status === 'DUPLICATE') this.duplicate += 1;
    else this.refuse(line, result?.code ?? 'INTERNAL', 'refused by the gateway');
  }

  private refuse(line: number, code: string, reason: string): void {
    this.refusedCount += 1;
    if (this.refused.length < SHOWN) this.refused.push({ line, code, reason });
  }
}

/** @returns the event, or what is wrong with the line; never echoes it */
function parseLine(text: string): Readonly<Record<string, unknown>> | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'not JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not a JSON object';
  const unknown = Object.keys(value).find((name) => !FIELDS.has(name));
  if (unknown !== undefined) return `unknown field ${unknown.slice(0, 40)}`;
  return { ...value };
}
