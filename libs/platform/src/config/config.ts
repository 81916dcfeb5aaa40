import { DomainError } from '@vitrine/kernel';
import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';

const url = (protocols: readonly string[]) =>
  z
    .string()
    .refine((value) => protocols.some((protocol) => value.startsWith(protocol)), { error: `must start with ${protocols.join(' or ')}` });
const integer = (min: number, max: number, fallback: number) => z.coerce.number().int().min(min).max(max).default(fallback);
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part.length > 0),
  );
const key32 = z
  .string()
  .refine((text) => Buffer.from(text, 'base64').length === 32, { error: 'must be 32 bytes in base64' })
  .transform((text) => Buffer.from(text, 'base64'));
const keyring = z
  .string()
  .refine((text) => text.split(',').every((part) => /^\d{1,3}:/.test(part) && Number(part.split(':')[0]) < 256), {
    error: 'must be a comma-separated list of <id 0-255>:<32 bytes in base64>, the current key first',
  })
  .refine((text) => text.split(',').every((part) => Buffer.from(part.slice(part.indexOf(':') + 1), 'base64').length === 32), {
    error: 'every key must be 32 bytes in base64',
  })
  .transform((text) =>
    text.split(',').map((part) => ({
      id: Number(part.slice(0, part.indexOf(':'))),
      key: Buffer.from(part.slice(part.indexOf(':') + 1), 'base64'),
    })),
  );
const publishable = list.refine((keys) => keys.every((key) => /^pk_[A-Za-z0-9_-]{16,}$/.test(key)), {
  error: 'every key must be pk_ and at least 16 letters, digits, dashes or underscores',
});
const secret = list.refine((keys) => keys.every((key) => /^sk_[A-Za-z0-9_-]{32,}$/.test(key)), {
  error: 'every key must be sk_ and at least 32 letters, digits, dashes or underscores',
});

const rates = list
  .refine((pairs) => pairs.every((pair) => /^[A-Z]{3}:\d{1,9}(\.\d{1,12})?$/.test(pair) && Number(pair.slice(4)) > 0), {
    error: 'must be a comma-separated list of <ISO 4217 code>:<positive rate>',
  })
  .transform((pairs): ReadonlyMap<string, number> => new Map(pairs.map((pair) => [pair.slice(0, 3), Number(pair.slice(4))])));

const networks = list.refine((all) => all.every(isNetwork), {
  error: 'must be a comma-separated list of <IPv4 or IPv6 address>/<prefix length>',
});

function isNetwork(text: string): boolean {
  const [, address = '', prefix = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  return bits > 0 && Number(prefix) <= bits;
}

const shape = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  MONGO_URL: url(['mongodb://', 'mongodb+srv://']),
  REDIS_URL: url(['redis://', 'rediss://']),
  GATEWAY_HOST: z.string().min(1).default('127.0.0.1'),
  GATEWAY_PORT: integer(0, 65535, 4000),
  WORKER_HOST: z.string().min(1).default('127.0.0.1'),
  WORKER_PORT: integer(0, 65535, 4001),
  START_DEADLINE_MS: integer(0, 600_000, 60_000),
  DRAIN_DEADLINE_MS: integer(0, 120_000, 10_000),
  PUBLISHABLE_KEYS: publishable,
  SECRET_KEYS: secret,
  USER_TOKEN_ISSUER: z.string().default('vitrine-users'),
  USER_TOKEN_AUDIENCE: z.string().default('vitrine'),
  USER_TOKEN_JWKS_URL: url(['https://', 'http://127.0.0.1', 'http://localhost']).optional(),
  USER_TOKEN_PUBLIC_KEY: z.string().optional(),
  STAFF_TOKEN_ISSUER: z.string().default('vitrine-staff'),
  STAFF_TOKEN_AUDIENCE: z.string().default('vitrine'),
  STAFF_TOKEN_JWKS_URL: url(['https://', 'http://127.0.0.1', 'http://localhost']).optional(),
  STAFF_TOKEN_PUBLIC_KEY: z.string().optional(),
  TOKEN_MASTER_KEYS: keyring,
  PERSONAL_DATA_KEYS: keyring,
  DECISION_SEED_KEY: key32,
  VISITOR_HASH_KEY: key32,
  TOKEN_MAX_AGE_HOURS: integer(1, 24 * 90, 24 * 7),
  ALLOWED_ORIGINS: list,
  INTERNAL_NETWORKS: networks,
  CONSENT_DEFAULT: z.enum(['DENIED', 'GRANTED']).default('DENIED'),
  PROFILE_DEADLINE_MS: integer(1, 5_000, 15),
  PROFILE_CACHE_SIZE: integer(100, 10_000_000, 100_000),
  SEGMENT_MEMORY_ENTRIES: integer(100, 10_000_000, 200_000),
  FEEDBACK_PARTITIONS: integer(1, 256, 8),
  RATE_LIMIT_PER_SECOND: integer(1, 1_000_000, 2_000),
  RATE_LIMIT_VISITOR_PER_SECOND: integer(1, 1_000_000, 50),
  SUBSCRIPTION_CONNECTIONS_PER_CALLER: integer(1, 100_000, 20),
  SUBSCRIPTIONS_PER_CONNECTION: integer(1, 1_000, 10),
  DECISION_RETENTION_DAYS: integer(1, 3650, 30),
  EVENT_RETENTION_DAYS: integer(31, 3650, 400),
  QUARANTINE_RETENTION_DAYS: integer(1, 3650, 30),
  TRIAL_RETENTION_DAYS: integer(100, 3650, 400),
  ROLLUP_RETENTION_DAYS: integer(1, 36500, 800),
  PROFILE_RETENTION_DAYS: integer(1, 36500, 400),
  PRIORS_INTERVAL_MINUTES: integer(1, 60 * 24 * 30, 5),
  CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, { error: 'must be an ISO 4217 code' })
    .default('EUR'),
  CURRENCY_RATES: rates,
  CLEANING_DISABLED: list,
  CLEANING_MAX_VALUE_MINOR: integer(1, Number.MAX_SAFE_INTEGER, 10_000_000),
  CLEANING_MAX_DWELL_MINUTES: integer(1, 240, 30),
  SEGMENT_TRAINING_INTERVAL_MINUTES: integer(1, 60 * 24 * 30, 60),
  SEGMENT_MIN_ROWS: integer(10, 10_000_000, 200),
  SEGMENT_RESPONSE_DAYS: z.coerce.number().min(0).max(180).default(7),
  SEGMENT_CONFIGURATIONS: integer(1, 500, 18),
  SEGMENT_MIN_SHARE: z.coerce.number().min(0).max(0.5).default(0.01),
  SEGMENT_MODELS_KEPT: integer(2, 1_000, 20),
  SEGMENT_DRIFT_INTERVAL_MINUTES: integer(0, 60 * 24 * 30, 15),
  TRAINING_THREADS: integer(1, 64, 1),
  CODE_VERSION: z.string().max(64).default(''),
});

/** Settings of training segments: what a command that starts one reads without the rest. */
const trainingShape = shape.pick({
  SEGMENT_MIN_ROWS: true,
  SEGMENT_RESPONSE_DAYS: true,
  SEGMENT_CONFIGURATIONS: true,
  SEGMENT_MIN_SHARE: true,
  CODE_VERSION: true,
});
const schema = shape.refine((env) => env.NODE_ENV !== 'production' || env.PUBLISHABLE_KEYS.length + env.SECRET_KEYS.length > 0, {
  error: 'at least one publishable or secret key is needed',
  path: ['PUBLISHABLE_KEYS'],
});

export type Config = z.output<typeof schema>;

/** Names of every variable that is read, for `.env.example` and its test. */
export const CONFIG_KEYS: readonly string[] = Object.keys(shape.shape);

const SECRETS = new Set([
  'MONGO_URL',
  'REDIS_URL',
  'PUBLISHABLE_KEYS',
  'SECRET_KEYS',
  'TOKEN_MASTER_KEYS',
  'PERSONAL_DATA_KEYS',
  'DECISION_SEED_KEY',
  'VISITOR_HASH_KEY',
]);

/**
 * Reads the whole configuration, or names every fault at once.
 *
 * @throws DomainError CONFIG_INVALID with one line per fault in `details.faults`; values are never echoed
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  return parseBy(schema, env);
}

export type TrainingEnvironment = z.output<typeof trainingShape>;

/** The settings of training alone. @throws DomainError CONFIG_INVALID as `loadConfig` */
export function loadTrainingConfig(env: Readonly<Record<string, string | undefined>>): TrainingEnvironment {
  return parseBy(trainingShape, env);
}

function parseBy<T>(wanted: z.ZodType<T>, env: Readonly<Record<string, string | undefined>>): T {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = wanted.safeParse(present);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? 'environment');
    return present[name] === undefined && issue.code === 'invalid_type' ? `${name} is missing` : `${name}: ${issue.message}`;
  });
  throw new DomainError('CONFIG_INVALID', `The configuration has ${faults.length} fault(s):\n  - ${faults.join('\n  - ')}`, {
    details: { faults },
  });
}

/** The configuration as it may be logged. */
export function redactConfig(config: Config): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, SECRETS.has(name) ? '[redacted]' : value]));
}
