import type { ApolloServerPlugin } from '@apollo/server';
import { Kind, type OperationDefinitionNode } from 'graphql';
import type { RequestContext } from '../context';
import type { GatewayMetrics } from '../edge/gateway-metrics';

/** Measures operations by their first root field: a name of the schema, unlike the operation's own name, which callers invent. */
export function operationMetricsPlugin(metrics: GatewayMetrics): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => {
      const start = performance.now();
      return {
        willSendResponse: async ({ operation, errors }) => {
          const outcome = errors === undefined || errors.length === 0 ? 'ok' : 'error';
          metrics.observeOperation(operation === undefined ? 'none' : rootField(operation), outcome, (performance.now() - start) / 1_000);
        },
      };
    },
  };
}

function rootField(operation: OperationDefinitionNode): string {
  const [selection] = operation.selectionSet.selections;
  return selection?.kind === Kind.FIELD ? selection.name.value : 'fragment';
}
