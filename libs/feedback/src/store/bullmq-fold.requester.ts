import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { PlacementId } from '@vitrine/kernel';
import { PATIENT_JOB_OPTIONS, QUEUE_PREFIX, QUEUES } from '@vitrine/platform';
import type { FoldRequester } from '../application/processing.ports';

export interface BullMqFoldRequesterOptions {
  /** A producer's client: no offline queue, a time limit per command. */
  readonly redis: Redis;
  readonly prefix?: string;
  /** Requests of this long are folded together. */
  readonly delayMs?: number;
}

const DELAY_MS = 200;

/** At most one waiting and one running fold per placement: a request during a run starts one more after it. */
export class BullMqFoldRequester implements FoldRequester {
  private readonly queue: Queue;
  private readonly delayMs: number;

  constructor({ redis, prefix = QUEUE_PREFIX, delayMs = DELAY_MS }: BullMqFoldRequesterOptions) {
    this.queue = new Queue(QUEUES.fold, { connection: redis, prefix });
    this.queue.on('error', () => undefined); // a lost request is found by the sweep
    this.delayMs = delayMs;
  }

  async request(placementIds: readonly PlacementId[]): Promise<void> {
    const options = { ...PATIENT_JOB_OPTIONS, delay: this.delayMs };
    const adds = placementIds.map((placementId) =>
      this.queue.add('placement', { placementId }, { ...options, deduplication: { id: placementId, keepLastIfActive: true } }),
    );
    await Promise.allSettled(adds);
  }

  async close(): Promise<void> {
    await this.queue.close();
  }
}
