import type { Logger } from '@vitrine/platform';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { AdmissionDeps } from '../edge/caller.hooks';
import type { GatewayMetrics } from '../edge/gateway-metrics';
import { ErrorReporter } from '../server/error-reporter';
import { ConnectionBudget } from './connection-budget';
import { answerWithoutUpgrade } from './plain-upgrade';
import { createSubscriptionReader } from './subscription-document';
import { createSubscriptionProtocol } from './subscription-protocol';
import { SubscriptionSockets } from './subscription-sockets';

export interface SubscriptionSettings {
  /** Sockets of one caller at this gateway. */
  readonly connectionsPerCaller: number;
  /** Subscriptions that one socket may carry at a time. */
  readonly perConnection: number;
  /** How long clients may take to answer that this server goes away. */
  readonly closeMs: number;
}

export interface SubscriptionDeps {
  readonly schema: GraphQLSchema;
  readonly admission: AdmissionDeps;
  readonly allowedOrigins: readonly string[];
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
  readonly development: boolean;
  readonly subscriptions: SubscriptionSettings;
}

/** Lets subscriptions in at `/graphql` of a server's own port, as WebSockets with the sub-protocol `graphql-transport-ws`. */
export function installSubscriptions(app: FastifyInstance, deps: SubscriptionDeps): void {
  const { schema, development, subscriptions, logger } = deps;
  const reporter = new ErrorReporter(logger);
  const read = createSubscriptionReader({ schema, showSchema: development });
  const sockets = new SubscriptionSockets({
    ...deps,
    reporter,
    budget: new ConnectionBudget(subscriptions.connectionsPerCaller),
    protocol: createSubscriptionProtocol({ read, reporter, perConnection: subscriptions.perConnection }),
    closeMs: subscriptions.closeMs,
  });
  app.server.on('upgrade', (request, socket, head) => {
    if (request.headers.upgrade?.toLowerCase() === 'websocket') void sockets.upgrade(request, socket, head);
    else answerWithoutUpgrade(app.server, request, socket, head);
  });
  // Before the server waits for its connections, of which these are some.
  app.addHook('preClose', () => sockets.close());
}
