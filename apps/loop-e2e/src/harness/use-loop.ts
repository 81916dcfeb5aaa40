import { testServiceUrl, useMongo, type MongoHarness } from '@vitrine/testing';
import { Redis } from 'ioredis';
import { LoopApi, OTHER_PUBLISHABLE_KEY, PUBLISHABLE_KEY, SECRET_KEY } from './loop-api';
import { buildBundles, createProcesses, type Processes } from './processes';
import { seedCatalog } from './catalog.fixture';

/** 32 bytes; test keys protect nothing. */
export const TEST_KEY = Buffer.alloc(32, 7);
export const SET_UP_DEADLINE_MS = 120_000;

/** Environment of every process but for the databases. Nobody consents unless a test says so. */
export function loopEnv(more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const key = TEST_KEY.toString('base64');
  return {
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    PUBLISHABLE_KEYS: `${PUBLISHABLE_KEY},${OTHER_PUBLISHABLE_KEY}`,
    SECRET_KEYS: SECRET_KEY,
    TOKEN_MASTER_KEYS: `1:${key}`,
    PERSONAL_DATA_KEYS: `1:${key}`,
    DECISION_SEED_KEY: key,
    VISITOR_HASH_KEY: key,
    CONSENT_DEFAULT: 'DENIED',
    RATE_LIMIT_PER_SECOND: '100000',
    RATE_LIMIT_VISITOR_PER_SECOND: '100000',
    PROFILE_DEADLINE_MS: '2000',
    ...more,
  };
}

export interface Loop {
  readonly mongo: MongoHarness;
  readonly redisUrl: () => string;
  readonly processes: () => Processes;
  /** A running gateway with the catalogue of `catalog.fixture` in it. */
  readonly api: () => LoopApi;
}

/** @param redisDatabase a number no other spec file uses, since queues have fixed names */
export function useLoop(redisDatabase: number, more: Readonly<Record<string, string>> = {}): Loop {
  const mongo = useMongo();
  const redisUrl = (): string => new URL(`/${redisDatabase}`, testServiceUrl('VITRINE_TEST_REDIS_URL')).toString();
  let processes: Processes | undefined;
  let api = new LoopApi('');
  const flush = async (): Promise<void> => {
    const redis = new Redis(redisUrl());
    await redis.flushdb();
    await redis.quit();
  };
  beforeAll(async () => {
    buildBundles();
    await flush();
    processes = createProcesses(() => loopEnv({ MONGO_URL: mongo.url(), REDIS_URL: redisUrl(), ...more }));
    api = new LoopApi((await processes.start('gateway')).url);
    await seedCatalog(api);
  }, SET_UP_DEADLINE_MS);
  afterAll(async () => {
    await processes?.stopAll();
    await flush();
  });
  const started = (): Processes => {
    if (processes === undefined) throw new TypeError('useLoop() starts its processes in a hook');
    return processes;
  };
  return { mongo, redisUrl, processes: started, api: () => api };
}
