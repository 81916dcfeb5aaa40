import { systemClock } from '@vitrine/kernel';
import { ChangeListener, createAnnouncer, createMetrics, type Config, type Logger } from '@vitrine/platform';
import type { IngestEvents } from './edge/beacon.routes';
import { createAuthenticate } from './edge/auth/authenticate';
import { createKeyRing } from './edge/auth/key-ring';
import { createTokenVerifier } from './edge/auth/token-verifier';
import type { AdmissionDeps } from './edge/caller.hooks';
import { createGatewayMetrics, type GatewayMetrics } from './edge/gateway-metrics';
import { Readiness } from './edge/readiness';
import { createRequestLimits } from './edge/request-limits';
import { createSharedRateLimiter } from './edge/shared-rate-limiter';
import { composeCatalog } from './compose/catalog.part';
import { composeDelivery, composePolicyStates } from './compose/delivery.part';
import { composeFeedback } from './compose/feedback.part';
import { connectInfrastructure, type Infrastructure } from './compose/infrastructure';
import { composeInsight } from './compose/insight.part';
import type { Part } from './compose/part';
import { createPastStates } from './compose/past-states';
import { createPolicyVersions } from './compose/policy-versions';
import { composeProfile } from './compose/profile.part';
import { countProfilesBySegment } from './compose/segment-sizes';
import { composeSegment } from './compose/segment.part';
import { buildExecutableSchema } from './server/executable-schema';
import { createHttpServer } from './server/http-server';
import { RESOLVERS } from './server/resolvers';
import { closeAll, createShutdown } from './server/shutdown';

/** A gateway that is built and not yet listening. */
export interface Gateway {
  /** @returns the address that it listens on */
  listen(): Promise<string>;
  /** Drains; safe to call more than once. */
  shutdown(reason: string): Promise<void>;
}

const HOUR_MS = 3_600_000;
/** Share of the drain deadline for which `/readyz` says no before connections are refused; a developer at a keyboard is not kept waiting. */
const NOTICE_SHARE = 0.2;

/**
 * Builds every object of the gateway once, connects it, and reads the catalogue, the states and the segment model for the first time.
 *
 * @throws DomainError CONFIG_INVALID, or DEPENDENCY_UNAVAILABLE when a database stays away past the start deadline
 */
export async function composeGateway(config: Config, logger: Logger): Promise<Gateway> {
  const authenticate = composeAuthenticate(config);
  const metrics = createGatewayMetrics(createMetrics('gateway'));
  const infrastructure = await connectInfrastructure(config, logger);
  try {
    const libraries = await composeLibraries(config, { infrastructure, metrics, logger });
    const readiness = new Readiness(libraries.isCatalogLoaded, infrastructure.states);
    const app = await createHttpServer({
      schema: buildExecutableSchema({ resolvers: RESOLVERS, instances: new Map(libraries.parts.flatMap(({ resolvers }) => resolvers)) }),
      admission: { authenticate, limits: composeLimits(config, infrastructure) },
      ingest: libraries.ingestBeacon,
      readiness,
      metrics,
      logger,
      development: config.NODE_ENV === 'development',
      allowedOrigins: config.ALLOWED_ORIGINS,
    });
    const closers = [...libraries.parts.flatMap((part) => part.closers), ...infrastructure.closers];
    const noticeMs = config.NODE_ENV === 'production' ? config.DRAIN_DEADLINE_MS * NOTICE_SHARE : 0;
    return {
      listen: () => app.listen({ host: config.GATEWAY_HOST, port: config.GATEWAY_PORT }),
      shutdown: createShutdown({ app, readiness, logger, noticeMs, deadlineMs: config.DRAIN_DEADLINE_MS, closers }),
    };
  } catch (error) {
    await closeAll(infrastructure.closers, config.DRAIN_DEADLINE_MS, logger);
    throw error;
  }
}

function composeAuthenticate(config: Config): AdmissionDeps['authenticate'] {
  return createAuthenticate({
    keys: createKeyRing(config.PUBLISHABLE_KEYS, config.SECRET_KEYS),
    staff: createTokenVerifier({
      name: 'STAFF_TOKEN',
      issuer: config.STAFF_TOKEN_ISSUER,
      audience: config.STAFF_TOKEN_AUDIENCE,
      jwksUrl: config.STAFF_TOKEN_JWKS_URL,
      publicKey: config.STAFF_TOKEN_PUBLIC_KEY,
    }),
    users: createTokenVerifier({
      name: 'USER_TOKEN',
      issuer: config.USER_TOKEN_ISSUER,
      audience: config.USER_TOKEN_AUDIENCE,
      jwksUrl: config.USER_TOKEN_JWKS_URL,
      publicKey: config.USER_TOKEN_PUBLIC_KEY,
    }),
  });
}

function composeLimits(config: Config, { cache }: Infrastructure): AdmissionDeps['limits'] {
  return createRequestLimits(
    createSharedRateLimiter({ name: 'key', perSecond: config.RATE_LIMIT_PER_SECOND, redis: cache }),
    createSharedRateLimiter({ name: 'visitor', perSecond: config.RATE_LIMIT_VISITOR_PER_SECOND, redis: cache }),
  );
}

interface Libraries {
  readonly parts: readonly Part[];
  readonly ingestBeacon: IngestEvents;
  readonly isCatalogLoaded: () => boolean;
}

async function composeLibraries(
  config: Config,
  { infrastructure, metrics, logger }: { readonly infrastructure: Infrastructure; readonly metrics: GatewayMetrics; readonly logger: Logger },
): Promise<Libraries> {
  const { mongo: connection, cache, producer, subscriber } = infrastructure;
  const clock = systemClock;
  const announce = createAnnouncer(cache);
  const changes = new ChangeListener(subscriber, logger);
  const shared = { connection, cache, producer, changes, announce, clock, logger, metrics } as const;
  // The version finder reads the catalogue, whose live versions the policy states follow, whose states feedback stores: hence the order.
  const versions = createPolicyVersions(connection);
  const feedback = composeFeedback({
    ...shared,
    tokenKeys: config.TOKEN_MASTER_KEYS,
    tokenMaxAgeMs: config.TOKEN_MAX_AGE_HOURS * HOUR_MS,
    partitions: config.FEEDBACK_PARTITIONS,
    policies: versions,
  });
  const learned = composePolicyStates({ ...shared, reader: feedback.states });
  let statesRead: Promise<void> = Promise.resolve();
  const catalog = composeCatalog({ ...shared, onCompiled: ({ catalog: { livePolicies } }) => (statesRead = learned.states.follow(livePolicies)) });
  const profile = composeProfile({
    ...shared,
    visitorHashKey: Buffer.from(config.VISITOR_HASH_KEY, 'base64'),
    consentDefault: config.CONSENT_DEFAULT,
    deadlineMs: config.PROFILE_DEADLINE_MS,
    maxProfiles: config.PROFILE_CACHE_SIZE,
  });
  const segment = composeSegment({ ...shared, partitions: config.FEEDBACK_PARTITIONS, minRows: config.SEGMENT_MIN_ROWS });
  const delivery = composeDelivery({
    ...shared,
    catalog: catalog.current,
    policies: learned.states,
    tokens: feedback.tokens,
    profiles: profile.profiles,
    hasher: profile.hasher,
    segments: segment.segments,
    pastStates: createPastStates(connection, feedback.rebuilder),
    policyVersions: versions,
    consentDefault: config.CONSENT_DEFAULT,
    seedKey: Buffer.from(config.DECISION_SEED_KEY, 'base64'),
    retentionDays: config.DECISION_RETENTION_DAYS,
  });
  const insight = composeInsight({ connection, segments: countProfilesBySegment(connection) });
  await Promise.all([catalog.start(), segment.start()]);
  await statesRead;
  learned.start();
  changes.start();
  return { parts: [delivery, feedback, profile, segment, insight, learned, catalog], ingestBeacon: feedback.ingestBeacon, isCatalogLoaded: catalog.isLoaded };
}
