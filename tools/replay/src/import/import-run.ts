import { createHash, type Hash } from 'node:crypto';
import { DomainError } from '@vitrine/kernel';
import { Batch, BATCH_BYTES } from './batch';
import type { EventFormat, SourceRecord } from './event-format';
import type { EventSink, SinkAnswer } from './event-sink';
import type { ImportState } from './import-state';
import { LineIds } from './line-ids';
import { addTallies, type ImportTally } from './tally';

export interface ImportRunOptions {
  readonly format: EventFormat;
  readonly sink: EventSink;
  /** Where to go on. */
  readonly state: ImportState;
  /** Keeps how far the import is, before it goes on. */
  readonly save: (state: ImportState) => void;
  readonly progress: (tally: ImportTally) => void;
  readonly signal: AbortSignal;
}

/** How an import ended: through, or at once because the file is not the one that the state speaks of. */
export type RunEnd = { readonly kind: 'DONE'; readonly tally: ImportTally } | { readonly kind: 'OTHER_FILE' };

interface Flight {
  readonly batch: Batch;
  /** Of all records to the end of the batch. */
  readonly sha256: string;
  readonly answers: Promise<readonly SinkAnswer[]>;
}

/** Batches under way at a time. */
export const MOST_IN_FLIGHT = 4;

/**
 * Reads a file from its beginning, passes over what was answered before, and sends the rest in batches, several at a time. A batch counts
 * only when all before it do, and its count is saved before the next is waited for: whenever the process dies, the saved state is that of a
 * moment between two batches, and the batches after it go out again under the names they had.
 */
export class ImportRun {
  private readonly flights: Flight[] = [];
  private readonly underWay = new Set<string>();
  private readonly ids = new LineIds();
  private readonly content: Hash = createHash('sha256');
  private read = 0;
  private isNamed = false;
  private state: ImportState;
  private batch: Batch;

  constructor(private readonly options: ImportRunOptions) {
    this.state = options.state;
    this.batch = new Batch(options.state.tally.lines);
  }

  /** @throws DomainError what the file or the sink throws, after everything before it is sent and saved; SHUTTING_DOWN when told to stop */
  async execute(): Promise<RunEnd> {
    try {
      for await (const records of this.options.format.records()) {
        if (!(await this.takeAll(records))) return { kind: 'OTHER_FILE' };
        if (this.options.signal.aborted)
          throw new DomainError('SHUTTING_DOWN', 'the import was told to stop; the same call goes on with it');
      }
    } catch (error) {
      await this.land(error);
      throw error;
    }
    await this.finish();
    return this.read < this.state.tally.lines ? { kind: 'OTHER_FILE' } : { kind: 'DONE', tally: this.state.tally };
  }

  /** What was under way still counts; a file that is cut off is imported up to there. */
  private async land(error: unknown): Promise<void> {
    const isOfFile = error instanceof DomainError && error.code === 'IMPORT_TRUNCATED';
    try {
      await (isOfFile ? this.finish() : this.drain());
    } catch (cause) {
      if (isOfFile) throw cause;
    }
  }

  private async finish(): Promise<void> {
    await this.launch();
    await this.drain();
  }

  private async takeAll(records: readonly SourceRecord[]): Promise<boolean> {
    for (const record of records) if (!(await this.take(record))) return false;
    return true;
  }

  /** @returns false when the file is another one than the state speaks of */
  private async take(record: SourceRecord): Promise<boolean> {
    this.read += 1;
    this.content.update(record.content).update('\n');
    const { lines } = this.state.tally;
    if (this.read <= this.batch.start) {
      if (!this.options.format.hasIds) this.idOf(record);
      return this.read < lines || this.soFar() === this.state.sha256;
    }
    this.judge(record);
    if (this.batch.isFull) await this.launch();
    return true;
  }

  private judge(record: SourceRecord): void {
    const { line, content } = record;
    const reading = this.options.format.read(record);
    if (reading.kind === 'LEFT_OUT') return this.batch.leaveOut(reading.why);
    if (reading.kind === 'MALFORMED') return this.batch.refuse({ line, code: 'IMPORT_MALFORMED_LINE', reason: reading.reason });
    const given = reading.fields['eventId'];
    const eventId = typeof given === 'string' ? given : this.ids.next(content);
    const json = JSON.stringify({ ...reading.fields, eventId });
    if (json.length > BATCH_BYTES) this.batch.refuse({ line, code: 'EVENT_TOO_LARGE', reason: 'larger than a call may be' });
    else this.batch.add({ line, eventId, json });
  }

  /** Counts a record that was sent before, so that equal ones after it get the ids they would have got. */
  private idOf(record: SourceRecord): void {
    if (this.options.format.read(record).kind === 'EVENT') this.ids.next(record.content);
  }

  private soFar(): string {
    return this.content.copy().digest('hex');
  }

  private async launch(): Promise<void> {
    const { batch } = this;
    if (batch.isEmpty) return;
    if (!this.isNamed) this.options.save(this.state); // the names of calls must outlive this process before the first is made
    this.isNamed = true;
    this.batch = new Batch(this.read);
    while (this.flights.length >= MOST_IN_FLIGHT) await this.landFirst();
    // Two calls with one id at the same time could both be told that they brought it.
    if (batch.events.some(({ eventId }) => this.underWay.has(eventId))) await this.drain();
    for (const { eventId } of batch.events) this.underWay.add(eventId);
    const answers = this.send(batch);
    answers.catch(() => undefined); // whoever waits for it hears of it
    this.flights.push({ batch, sha256: this.soFar(), answers });
  }

  private async send({ start, events }: Batch): Promise<readonly SinkAnswer[]> {
    if (events.length === 0) return [];
    return this.options.sink.send(
      `${this.state.importId}:${start}`,
      events.map(({ json }) => json),
    );
  }

  private async drain(): Promise<void> {
    while (this.flights.length > 0) await this.landFirst();
  }

  private async landFirst(): Promise<void> {
    const [flight] = this.flights;
    if (flight === undefined) return;
    const { batch, sha256, answers } = flight;
    const tally = addTallies(this.state.tally, batch.tally(await answers));
    this.flights.shift();
    for (const { eventId } of batch.events) this.underWay.delete(eventId);
    this.state = { ...this.state, sha256, tally };
    this.options.save(this.state);
    this.options.progress(tally);
  }
}
