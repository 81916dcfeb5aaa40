import { DomainError } from '@vitrine/kernel';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

export interface RateLimiter {
  /** Takes one point of the key's current second. @throws DomainError RATE_LIMITED with `details.retryAfterMs` */
  consume(key: string): Promise<void>;
}

export interface SharedRateLimiterOptions {
  /** Prefix of its keys in Redis. */
  readonly name: string;
  readonly perSecond: number;
  /** Absent: each process counts for itself. */
  readonly redis?: Redis;
}

const WINDOW_S = 1;
const SYNC_INTERVAL_MS = 50;

/**
 * Counts requests per key and second. Memory decides, so that no request waits for Redis; what was taken is added to a shared count
 * many times a second, and a key that all gateways together overdrew is blocked here for the rest of its second. While Redis is away
 * each gateway limits for itself. Gateways together may therefore pass what arrives within one sync interval above the limit.
 */
export function createSharedRateLimiter({ name, perSecond, redis }: SharedRateLimiterOptions): RateLimiter {
  const memory = new RateLimiterMemory({ keyPrefix: name, points: perSecond, duration: WINDOW_S });
  const share = redis === undefined ? () => undefined : sharing(memory, redis, { name, perSecond });
  return {
    async consume(key) {
      try {
        await memory.consume(key);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        throw new DomainError('RATE_LIMITED', undefined, { details: { retryAfterMs: Math.max(1, Math.ceil(refusal.msBeforeNext)) } });
      }
      share(key);
    },
  };
}

function sharing(memory: RateLimiterMemory, redis: Redis, { name, perSecond }: { readonly name: string; readonly perSecond: number }) {
  const shared = new RateLimiterRedis({ storeClient: redis, keyPrefix: `vitrine:limit:${name}`, points: perSecond, duration: WINDOW_S });
  let taken = new Map<string, number>();
  const sync = (): void => {
    const batch = taken;
    taken = new Map();
    for (const [key, points] of batch) {
      shared.penalty(key, points).then(
        ({ consumedPoints, msBeforeNext }) => {
          if (consumedPoints > perSecond) void memory.block(key, Math.max(1, msBeforeNext) / 1_000);
        },
        () => undefined, // Redis is away: its client says so once per outage
      );
    }
  };
  return (key: string): void => {
    if (taken.size === 0) setTimeout(sync, SYNC_INTERVAL_MS).unref();
    taken.set(key, (taken.get(key) ?? 0) + 1);
  };
}
