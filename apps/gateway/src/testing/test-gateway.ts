import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createMetrics, keyedHashHex } from '@vitrine/platform';
import { capturedLog, type CapturedLog } from '@vitrine/testing';
import type { FastifyInstance } from 'fastify';
import { SignJWT } from 'jose';
import { createAuthenticate, type Authenticate } from '../edge/auth/authenticate';
import { createKeyRing } from '../edge/auth/key-ring';
import { createTokenVerifier } from '../edge/auth/token-verifier';
import type { BeaconBatch, IngestEvents } from '../edge/beacon.routes';
import { createGatewayMetrics } from '../edge/gateway-metrics';
import { createInternalNetworks } from '../edge/internal-traffic';
import { Readiness, type DependencyState } from '../edge/readiness';
import { createRequestLimits } from '../edge/request-limits';
import { createSharedRateLimiter } from '../edge/shared-rate-limiter';
import { buildExecutableSchema } from '../server/executable-schema';
import { createHttpServer } from '../server/http-server';
import type { SubscriptionSettings } from '../subscriptions/install-subscriptions';
import { StandInResolver } from './stand-in.resolver';

export const PUBLISHABLE_KEY = 'pk_test_0123456789abcdef';
export const SECRET_KEY = 'sk_test_0123456789abcdef0123456789abcdef';
export const ORIGIN = 'https://shop.example';

const users = generateKeyPairSync('ed25519');
const staff = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const KEYS = { users, staff, foreign: generateKeyPairSync('ed25519') } as const;
const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

export function testAuthenticate(): Authenticate {
  return createAuthenticate({
    keys: createKeyRing([PUBLISHABLE_KEY], [SECRET_KEY]),
    staff: createTokenVerifier({ name: 'STAFF_TOKEN', issuer: 'vitrine-staff', audience: 'vitrine', publicKey: pem(staff.publicKey) }),
    users: createTokenVerifier({ name: 'USER_TOKEN', issuer: 'vitrine-users', audience: 'vitrine', publicKey: pem(users.publicKey) }),
  });
}

export interface TokenClaims {
  readonly key?: KeyObject;
  readonly algorithm?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly subject?: string;
  readonly expires?: string;
  readonly role?: string;
}

/** A user token that holds, with the named claims replaced. */
export async function userToken(claims: TokenClaims = {}): Promise<string> {
  return sign({ key: users.privateKey, algorithm: 'EdDSA', issuer: 'vitrine-users', subject: 'user-1', ...claims });
}

/** A staff token that holds, with the named claims replaced. */
export async function staffToken(claims: TokenClaims = {}): Promise<string> {
  return sign({ key: staff.privateKey, algorithm: 'RS256', issuer: 'vitrine-staff', subject: 'ada', role: 'viewer', ...claims });
}

async function sign(claims: TokenClaims): Promise<string> {
  return new SignJWT(claims.role === undefined ? {} : { role: claims.role })
    .setProtectedHeader({ alg: claims.algorithm ?? 'EdDSA' })
    .setIssuer(claims.issuer ?? '')
    .setAudience(claims.audience ?? 'vitrine')
    .setSubject(claims.subject ?? '')
    .setIssuedAt()
    .setExpirationTime(claims.expires ?? '5m')
    .sign(claims.key ?? users.privateKey);
}

export interface TestGateway {
  readonly app: FastifyInstance;
  readonly log: CapturedLog;
  readonly readiness: Readiness;
  readonly batches: BeaconBatch[];
  /** Sends one operation and gives the parsed answer. */
  ask(query: string, options?: AskOptions): Promise<Answer>;
}

export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly AnswerError[];
}

export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface TestGatewayOptions {
  readonly development?: boolean;
  readonly perKey?: number;
  readonly perVisitor?: number;
  readonly catalogLoaded?: () => boolean;
  readonly mongo?: () => DependencyState;
  readonly ingest?: IngestEvents;
  readonly internalNetworks?: readonly string[];
  readonly subscriptions?: Partial<SubscriptionSettings>;
}

/** The whole frame with the stand-in resolver; no database. */
export async function createTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const log = capturedLog();
  const batches: BeaconBatch[] = [];
  const readiness = new Readiness(options.catalogLoaded ?? (() => true), { mongo: options.mongo ?? (() => 'up') });
  const app = await createHttpServer({
    schema: buildExecutableSchema({ resolvers: [StandInResolver], instances: new Map([[StandInResolver, new StandInResolver()]]) }),
    admission: {
      authenticate: testAuthenticate(),
      limits: createRequestLimits({
        perKey: createSharedRateLimiter({ name: 'key', perSecond: options.perKey ?? 10_000 }),
        perVisitor: createSharedRateLimiter({ name: 'visitor', perSecond: options.perVisitor ?? 10_000 }),
        hash: (name) => keyedHashHex(new Uint8Array(32), name),
      }),
      isInternalAddress: createInternalNetworks(options.internalNetworks ?? []),
    },
    ingest:
      options.ingest ??
      (async (batch) => {
        batches.push(batch);
        return batch.events.map((_event, index) => ({ eventId: `e${index}`, status: 'ACCEPTED', code: null }));
      }),
    readiness,
    metrics: createGatewayMetrics(createMetrics('gateway-test')),
    logger: log.logger,
    development: options.development ?? false,
    allowedOrigins: [ORIGIN],
    subscriptions: { connectionsPerCaller: 2, perConnection: 2, closeMs: 1_000, ...options.subscriptions },
  });
  return { app, log, readiness, batches, ask: (query, ask) => askApp(app, query, ask) };
}

async function askApp(app: FastifyInstance, query: string, { headers = {}, variables = {} }: AskOptions = {}): Promise<Answer> {
  const response = await app.inject({ method: 'POST', url: '/graphql', headers, payload: { query, variables } });
  const { data = null, errors = [] }: { data?: Record<string, unknown> | null; errors?: AnswerError[] } = response.json();
  return { status: response.statusCode, headers: response.headers, data, errors };
}
