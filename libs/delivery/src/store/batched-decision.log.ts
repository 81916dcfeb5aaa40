import { PATIENT_JOB_OPTIONS, type Logger } from '@vitrine/platform';
import type { DecisionLog } from '../application/ports';
import type { DecisionRecord } from '../domain/types';
import { toDecisionRow, type DecisionChunk } from './decision.document';

/** What of a BullMQ queue is used. */
export interface DecisionChunkQueue {
  add(name: string, data: DecisionChunk, options: typeof PATIENT_JOB_OPTIONS): Promise<unknown>;
}

export interface BatchedDecisionLogOptions {
  readonly queue: DecisionChunkQueue;
  readonly logger: Logger;
  readonly flushIntervalMs?: number;
  readonly chunkSize?: number;
  /** Records held while the queue is away; beyond it new ones are dropped (D3: no reward is lost with them). */
  readonly capacity?: number;
}

/** Collects decision records and sends them to the queue after the response, in chunks. */
export class BatchedDecisionLog implements DecisionLog {
  private buffer: DecisionRecord[] = [];
  private sending: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private droppedCount = 0;
  private reportedDrops = 0;
  private readonly flushIntervalMs: number;
  private readonly chunkSize: number;
  private readonly capacity: number;

  constructor(private readonly options: BatchedDecisionLogOptions) {
    this.flushIntervalMs = options.flushIntervalMs ?? 100;
    this.chunkSize = options.chunkSize ?? 500;
    this.capacity = options.capacity ?? 20_000;
  }

  /** Records that did not fit since the start. */
  get dropped(): number {
    return this.droppedCount;
  }

  get buffered(): number {
    return this.buffer.length;
  }

  append(records: readonly DecisionRecord[]): void {
    const room = Math.max(0, this.capacity - this.buffer.length);
    this.buffer.push(...records.slice(0, room));
    this.droppedCount += Math.max(0, records.length - room);
    if (this.buffer.length >= this.chunkSize && this.sending === null) void this.flush();
    else this.schedule();
  }

  /** Sends what is buffered now; a chunk that the queue does not take stays for the next flush. Never rejects. */
  flush(): Promise<void> {
    this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
      if (this.buffer.length > 0) this.schedule();
    });
    return this.sending;
  }

  /** Sends the rest; what the queue does not take now is lost, and said. */
  async close(): Promise<void> {
    await this.flush();
    await this.flush(); // what came while the first was under way
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.buffer.length > 0) this.options.logger.warn({ records: this.buffer.length }, 'decision records were lost at shutdown');
  }

  private schedule(): void {
    if (this.timer !== null || this.sending !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.flush();
    }, this.flushIntervalMs);
    this.timer.unref();
  }

  private async sendAll(): Promise<void> {
    // Only what is there now: under load new records wait for their own interval instead of keeping this loop alive.
    let left = this.buffer.length;
    while (left > 0) {
      const chunk = this.buffer.slice(0, Math.min(this.chunkSize, left));
      try {
        await this.options.queue.add('decisions', { rows: chunk.map(toDecisionRow) }, PATIENT_JOB_OPTIONS);
      } catch (error) {
        this.options.logger.debug({ err: error, records: this.buffer.length }, 'decision records wait for the queue');
        break;
      }
      this.buffer.splice(0, chunk.length);
      left -= chunk.length;
    }
    this.reportDrops();
  }

  private reportDrops(): void {
    if (this.droppedCount === this.reportedDrops) return;
    this.options.logger.warn({ records: this.droppedCount - this.reportedDrops }, 'decision records were dropped');
    this.reportedDrops = this.droppedCount;
  }
}
