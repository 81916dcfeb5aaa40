import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { invariant } from '@vitrine/kernel';
import { testServiceUrl } from './test-service-url';

const SCAN_COUNT = 500;

export interface RedisHarness {
  client(): Redis;
  url(): string;
  /** Prefix of every key this file may write, ends in `:`; its keys are removed when the file is done. */
  prefix(): string;
}

/** Gives a spec file a connection to the real Redis and a key prefix of its own. */
export function useRedis(): RedisHarness {
  const prefix = `vt:${randomBytes(8).toString('hex')}:`;
  let redis: Redis | undefined;
  let url = '';

  beforeAll(async () => {
    url = testServiceUrl('VITRINE_TEST_REDIS_URL');
    redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1, retryStrategy: () => null });
    await redis.connect();
  });

  afterAll(async () => {
    if (redis === undefined) return;
    await removeKeys(redis, prefix);
    await redis.quit();
  });

  const open = (): Redis => {
    invariant(redis !== undefined, 'useRedis() hands out its client only inside tests and hooks');
    return redis;
  };

  return { client: open, url: () => (open(), url), prefix: () => prefix };
}

/** SCAN rather than KEYS: the server is shared with other spec files. */
async function removeKeys(redis: Redis, prefix: string): Promise<void> {
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: SCAN_COUNT })) {
    if (Array.isArray(keys) && keys.length > 0) await redis.unlink(...keys.map(String));
  }
}
