import type { ApolloServerPlugin } from '@apollo/server';
import { DomainError } from '@vitrine/kernel';
import { GraphQLError, OperationTypeNode } from 'graphql';

/** Refuses subscriptions over HTTP: executed like a query, one would resolve an event that never was. */
export function noSubscriptionsPlugin<Context extends object>(): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ operation }) => {
        if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
        const message = 'Subscriptions are answered over a WebSocket (graphql-transport-ws) at this address.';
        throw new GraphQLError(message, { originalError: new DomainError('BAD_USER_INPUT', message) });
      },
    }),
  };
}
