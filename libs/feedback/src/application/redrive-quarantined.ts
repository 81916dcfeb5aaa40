import { DomainError } from '@vitrine/kernel';
import { MAX_CHUNK_EVENTS, type FeedbackChunk } from '../domain/feedback-chunk';
import { partitionOf } from '../domain/partition';
import type { FeedbackQueue } from './ingest.ports';
import type { QuarantineFilter, QuarantineReader, RedrivableRow } from './quarantine.ports';

/** Rows of one call by filter: the rest is for the next call. */
export const MAX_REDRIVE = 10_000;
export const MAX_REDRIVE_IDS = 1_000;

export interface RedriveRequest {
  readonly ids: readonly string[] | null;
  readonly filter: QuarantineFilter | null;
}

export interface RedriveOutcome {
  /** Events that the queue took. What becomes of them, the quarantine shows: what is accepted leaves it. */
  readonly queued: number;
  /** Ids that name no row, or one that cannot be driven again. */
  readonly skipped: number;
  /** More rows match than one call takes. */
  readonly more: boolean;
}

export interface RedriveQuarantinedDependencies {
  readonly quarantine: QuarantineReader;
  readonly queue: FeedbackQueue;
  readonly partitions: number;
}

/**
 * Sends quarantined events down the path of live ones once more, as of the moment when they were first received. Asking twice is
 * harmless: the event's id makes it count once, and its row leaves in the transaction that accepts it.
 */
export class RedriveQuarantined {
  constructor(private readonly deps: RedriveQuarantinedDependencies) {}

  /** @throws DomainError BAD_USER_INPUT unless there are either ids (at most 1,000) or a filter; QUEUE_UNAVAILABLE, when some may be queued */
  async execute({ ids, filter }: RedriveRequest): Promise<RedriveOutcome> {
    if ((ids === null) === (filter === null)) throw new DomainError('BAD_USER_INPUT', 'Either ids or a filter says what to drive again.');
    if (ids !== null) return this.byIds(ids);
    return filter === null ? { queued: 0, skipped: 0, more: false } : this.byFilter(filter);
  }

  private async byIds(ids: readonly string[]): Promise<RedriveOutcome> {
    if (ids.length > MAX_REDRIVE_IDS)
      throw new DomainError('BAD_USER_INPUT', `At most ${MAX_REDRIVE_IDS} ids at once.`, { details: { maxIds: MAX_REDRIVE_IDS } });
    const rows = await this.deps.quarantine.find(ids);
    const batch = new RedriveBatch(this.deps);
    for (const row of rows) await batch.take(row);
    await batch.flush();
    return { queued: rows.length, skipped: new Set(ids).size - rows.length, more: false };
  }

  private async byFilter(filter: QuarantineFilter): Promise<RedriveOutcome> {
    const batch = new RedriveBatch(this.deps);
    let queued = 0;
    for await (const row of this.deps.quarantine.scan(filter)) {
      if (queued === MAX_REDRIVE) {
        await batch.flush();
        return { queued, skipped: 0, more: true };
      }
      await batch.take(row);
      queued += 1;
    }
    await batch.flush();
    return { queued, skipped: 0, more: false };
  }
}

/** Packs rows into chunks: one partition, and one set of the facts that a chunk's events share. */
class RedriveBatch {
  private readonly open = new Map<string, RedrivableRow[]>();

  constructor(private readonly deps: Pick<RedriveQuarantinedDependencies, 'queue' | 'partitions'>) {}

  async take(row: RedrivableRow): Promise<void> {
    const { event, receivedAt, userAgent, signedIn, internal } = row.held;
    const key = JSON.stringify([partitionOf(event, this.deps.partitions), receivedAt, userAgent, signedIn, internal ?? false]);
    const rows = this.open.get(key) ?? [];
    rows.push(row);
    this.open.set(key, rows);
    if (rows.length < MAX_CHUNK_EVENTS && this.open.size <= MAX_CHUNK_EVENTS) return;
    await this.flush();
  }

  async flush(): Promise<void> {
    const chunks = [...this.open.values()].flatMap((rows) => chunkOf(rows, this.deps.partitions));
    this.open.clear();
    await Promise.all(chunks.map((chunk) => this.deps.queue.add(chunk.partition, chunk)));
  }
}

function chunkOf(rows: readonly RedrivableRow[], partitions: number): readonly FeedbackChunk[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { event, ...shared } = first.held;
  const redriven = rows.map(({ id, rule, held }) => ({ eventId: held.event.eventId, quarantineId: id, rule }));
  const events = rows.map(({ held }) => held.event);
  return [{ ...shared, partition: partitionOf(event, partitions), events, refused: [], redriven }];
}
