import { Redis } from 'ioredis';
import { ENGINES, isAtLeast, messageOf } from '@vitrine/stack';
import { fault, fine, warning, type Finding } from './finding';

const TIMEOUT_MS = 5_000;

/** New enough, evicts nothing, keeps an append-only file: it holds queues, and an acknowledged event must survive a crash. */
export async function checkRedis(url: string): Promise<readonly Finding[]> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    disconnectTimeout: 100,
    retryStrategy: () => null,
  });
  let refusal: unknown = null;
  redis.on('error', (error) => (refusal = error)); // a refused password arrives here before `connect` fails with less to say
  try {
    await redis.connect();
    // CONFIG is closed on most managed services; INFO tells the same for all but the fsync policy.
    const fsync = await redis.config('GET', 'appendfsync').then(secondOf, () => null);
    return judgeRedis(parseInfo(await redis.info()), fsync);
  } catch (error) {
    return [
      fault('Redis', `no answer: ${messageOf(refusal ?? error)}`, 'Check REDIS_URL (host, port, password) and that the server runs.'),
    ];
  } finally {
    redis.disconnect();
  }
}

/** @param fsync value of `appendfsync`; null when the server does not tell */
export function judgeRedis(info: ReadonlyMap<string, string>, fsync: string | null): readonly Finding[] {
  const { minVersion } = ENGINES.redis;
  const version = info.get('redis_version') ?? '0';
  const policy = info.get('maxmemory_policy') ?? 'unknown';
  return [
    isAtLeast(version, minVersion)
      ? fine('Redis', `version ${version}`)
      : fault('Redis', `version ${version}`, `Upgrade to ${minVersion} or newer.`),
    policy === 'noeviction'
      ? fine('Redis eviction', 'noeviction')
      : fault('Redis eviction', policy, 'Set maxmemory-policy noeviction: evicting a queue key loses accepted events.'),
    judgeAppendOnly(info.get('aof_enabled') === '1', fsync),
  ];
}

function judgeAppendOnly(enabled: boolean, fsync: string | null): Finding {
  const check = 'Redis append-only file';
  if (!enabled)
    return fault(
      check,
      'off',
      'Set appendonly yes (CONFIG SET appendonly yes, and in redis.conf): without it a restart loses accepted events.',
    );
  if (fsync === 'always') return fine(check, 'on, fsync always');
  const mend =
    'Set appendfsync always: "everysec" can lose the last second of accepted events in a crash, and costs only about a tenth less.';
  return fsync === null ? warning(check, 'on, fsync policy unknown', mend) : fault(check, `on, fsync ${fsync}`, mend);
}

export function parseInfo(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(/\r?\n/).filter((line) => line.includes(':') && !line.startsWith('#'));
  return new Map(pairs.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

function secondOf(reply: unknown): string | null {
  return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : null;
}
