import { createMetrics, runMigrations, type Config, type Logger } from '@vitrine/platform';
import { composeAuthenticate, composeLimits } from './compose/admission';
import { connectInfrastructure } from './compose/infrastructure';
import { composeLibraries } from './compose/libraries';
import { migrationsOf } from './compose/migrations';
import { createGatewayMetrics } from './edge/gateway-metrics';
import { createInternalNetworks } from './edge/internal-traffic';
import { Readiness } from './edge/readiness';
import { buildExecutableSchema } from './server/executable-schema';
import { createHttpServer } from './server/http-server';
import { RESOLVERS } from './server/resolvers';
import { closeAll, createShutdown, type Closer } from './server/shutdown';

/** A gateway that is built and not yet listening. */
export interface Gateway {
  /** @returns the address that it listens on */
  listen(): Promise<string>;
  /** Drains; safe to call more than once. */
  shutdown(reason: string): Promise<void>;
}

/** Share of the drain deadline for which `/readyz` says no before connections are refused; a developer at a keyboard is not kept waiting. */
const NOTICE_SHARE = 0.2;
/** Share of it that clients with a socket have to say goodbye; requests in flight have the rest. */
const CLOSE_SHARE = 0.3;

/**
 * Builds every object of the gateway once, connects it, migrates the database, and reads the catalogue, the states and the segment model for the first time.
 *
 * @throws DomainError CONFIG_INVALID, or DEPENDENCY_UNAVAILABLE when a database stays away past the start deadline
 */
export async function composeGateway(config: Config, logger: Logger): Promise<Gateway> {
  const authenticate = composeAuthenticate(config);
  const metrics = createGatewayMetrics(createMetrics('gateway'));
  const infrastructure = await connectInfrastructure(config, logger);
  const closers: Closer[] = [...infrastructure.closers];
  try {
    const migrated = await runMigrations(infrastructure.mongo, migrationsOf(config));
    if (migrated.length > 0) logger.info({ migrations: migrated }, 'database migrated');
    const libraries = composeLibraries(config, { infrastructure, metrics, logger });
    closers.unshift(...libraries.parts.flatMap((part) => part.closers));
    await libraries.start();
    const readiness = new Readiness(libraries.isCatalogLoaded, infrastructure.states);
    const app = await createHttpServer({
      schema: buildExecutableSchema({
        resolvers: RESOLVERS,
        instances: new Map(libraries.parts.flatMap(({ resolvers }) => resolvers)),
        topics: libraries.parts.flatMap(({ topics = [] }) => topics),
      }),
      admission: {
        authenticate,
        limits: composeLimits(config, infrastructure.cache),
        isInternalAddress: createInternalNetworks(config.INTERNAL_NETWORKS),
      },
      ingest: libraries.ingestBeacon,
      readiness,
      metrics,
      logger,
      development: config.NODE_ENV === 'development',
      allowedOrigins: config.ALLOWED_ORIGINS,
      subscriptions: {
        connectionsPerCaller: config.SUBSCRIPTION_CONNECTIONS_PER_CALLER,
        perConnection: config.SUBSCRIPTIONS_PER_CONNECTION,
        closeMs: config.DRAIN_DEADLINE_MS * CLOSE_SHARE,
      },
    });
    const noticeMs = config.NODE_ENV === 'production' ? config.DRAIN_DEADLINE_MS * NOTICE_SHARE : 0;
    return {
      listen: () => app.listen({ host: config.GATEWAY_HOST, port: config.GATEWAY_PORT }),
      shutdown: createShutdown({ app, readiness, logger, noticeMs, deadlineMs: config.DRAIN_DEADLINE_MS, closers }),
    };
  } catch (error) {
    await closeAll(closers, config.DRAIN_DEADLINE_MS, logger);
    throw error;
  }
}
