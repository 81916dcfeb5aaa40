import type { Redis } from 'ioredis';
import type { DuplicateMemory } from '../application/ingest.ports';

export interface RedisDuplicateMemoryOptions {
  /** A client that fails fast while Redis is away. */
  readonly redis: Redis;
  /** Of every key; a hash tag in it keeps them in one slot of a Redis Cluster. */
  readonly prefix: string;
  readonly ttlSeconds: number;
  /** Stands for an event's id, which its client may have made from anything. */
  readonly hash: (eventId: string) => string;
}

export class RedisDuplicateMemory implements DuplicateMemory {
  constructor(private readonly options: RedisDuplicateMemoryOptions) {}

  async known(eventIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (eventIds.length === 0) return new Map();
    const values = await this.options.redis.mget(eventIds.map((id) => this.key(id)));
    return new Map(
      eventIds.flatMap((id, i): [string, string][] => {
        const call = values[i] ?? null;
        return call === null ? [] : [[id, call]];
      }),
    );
  }

  async remember(eventIds: readonly string[], call: string): Promise<void> {
    const pipeline = this.options.redis.pipeline();
    for (const id of eventIds) pipeline.set(this.key(id), call, 'EX', this.options.ttlSeconds);
    await pipeline.exec();
  }

  private key(eventId: string): string {
    return `${this.options.prefix}taken:${this.options.hash(eventId)}`;
  }
}
