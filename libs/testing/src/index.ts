export { useMongo, type MongoHarness } from './use-mongo';
export { useRedis, type RedisHarness } from './use-redis';
export { eventually, type EventuallyOptions } from './eventually';
export { fakeClock, type FakeClock } from './fake-clock';
export { capturedLog, silentLogger, type CapturedLog } from './silent-logger';
export { testServiceUrl, withDatabase, type TestServiceVariable } from './test-service-url';
