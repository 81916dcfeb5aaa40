import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { Logger } from '@vitrine/platform';
import type { GraphQLSchema } from 'graphql';
import type { RequestContext } from '../context';
import type { GatewayMetrics } from '../edge/gateway-metrics';
import { ErrorReporter } from './error-reporter';
import { graphqlOverHttpPlugin } from './graphql-over-http.plugin';
import { listLimitPlugin, OPERATION_LIMITS, operationLimitRules } from './operation-limits';
import { noSubscriptionsPlugin } from './no-subscriptions.plugin';
import { operationMetricsPlugin } from './operation-metrics.plugin';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly metrics: GatewayMetrics;
  /** Lets callers read the schema: development only. */
  readonly introspection: boolean;
}

/** Apollo Server, closed by default: no introspection, no stack traces, no schema hints, no batches, bounded operations. */
export function createApolloServer({ schema, logger, metrics, introspection }: ApolloOptions): ApolloServer<RequestContext> {
  const errors = new ErrorReporter(logger);
  return new ApolloServer<RequestContext>({
    schema,
    introspection,
    csrfPrevention: true,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: OPERATION_LIMITS.tokens },
    validationRules: [...operationLimitRules(OPERATION_LIMITS)],
    formatError: errors.format,
    logger: {
      debug: (message?: string) => logger.debug({ detail: message }, 'apollo'),
      info: (message?: string) => logger.debug({ detail: message }, 'apollo'),
      warn: (message?: string) => logger.warn({ detail: message }, 'apollo'),
      error: (message?: string) => logger.error({ detail: message }, 'apollo'),
    },
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      errors.plugin(),
      graphqlOverHttpPlugin(),
      noSubscriptionsPlugin(),
      listLimitPlugin(OPERATION_LIMITS),
      operationMetricsPlugin(metrics),
    ],
  });
}
