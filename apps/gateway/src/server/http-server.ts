import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { newUuid, type Logger } from '@vitrine/platform';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { corsOptions } from '../edge/allowed-origins';
import { beaconRoutes, type IngestEvents } from '../edge/beacon.routes';
import type { AdmissionDeps } from '../edge/caller.hooks';
import type { GatewayMetrics } from '../edge/gateway-metrics';
import { installHttpErrors } from '../edge/http-errors';
import { operationsRoutes } from '../edge/operations.routes';
import type { Readiness } from '../edge/readiness';
import { explorerRoutes } from '../explorer/explorer.routes';
import { installSubscriptions, type SubscriptionSettings } from '../subscriptions/install-subscriptions';
import { createApolloServer } from './apollo-server';
import { graphqlRoutes } from './graphql.routes';

export interface HttpServerDeps {
  readonly schema: GraphQLSchema;
  readonly admission: AdmissionDeps;
  readonly ingest: IngestEvents;
  readonly readiness: Readiness;
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
  /** Opens the schema and the explorer to everybody who can reach the port. */
  readonly development: boolean;
  readonly allowedOrigins: readonly string[];
  readonly subscriptions: SubscriptionSettings;
}

/** Bytes: a full batch of events fits, a flood does not. */
export const BODY_LIMIT = 256 * 1_024;
const REQUEST_TIMEOUT_MS = 30_000;
const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;
const API_ONLY_CSP = { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } };

/** Builds the server, ready to listen: GraphQL, the beacon and the operations' routes on one port. `close()` also stops Apollo. */
export async function createHttpServer(deps: HttpServerDeps): Promise<FastifyInstance> {
  const { logger, metrics, admission, development, allowedOrigins } = deps;
  const loggerInstance: FastifyBaseLogger = logger;
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    genReqId: ({ headers: { 'x-request-id': given } }) => (typeof given === 'string' && REQUEST_ID.test(given) ? given : newUuid()),
  });
  installHttpErrors(app, metrics);
  await app.register(helmet, { contentSecurityPolicy: API_ONLY_CSP, crossOriginResourcePolicy: { policy: 'cross-origin' } });
  await app.register(cors, corsOptions(allowedOrigins));
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));

  const apollo = createApolloServer({ schema: deps.schema, logger, metrics, introspection: development });
  await apollo.start();
  app.addHook('onClose', () => apollo.stop());

  await app.register(graphqlRoutes, { apollo, admission, logger });
  installSubscriptions(app, deps);
  await app.register(beaconRoutes, { admission, ingest: deps.ingest, allowedOrigins });
  await app.register(operationsRoutes, { readiness: deps.readiness, metrics, authenticate: admission.authenticate });
  if (development) await app.register(explorerRoutes, { logger });
  return app;
}
