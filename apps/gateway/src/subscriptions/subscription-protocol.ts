import { invariant } from '@vitrine/kernel';
import { GraphQLError, type ExecutionResult, type GraphQLFormattedError } from 'graphql';
import { makeServer, type Context, type Server } from 'graphql-ws';
import { RequestContext } from '../context';
import type { ErrorReporter } from '../server/error-reporter';
import { subscriptionLimitError } from '../server/operation-limits';
import type { SocketSession } from './socket-session';
import type { SubscriptionReader } from './subscription-document';

export interface SubscriptionProtocolDeps {
  readonly read: SubscriptionReader;
  readonly reporter: ErrorReporter;
  /** Subscriptions that one socket may carry at a time. */
  readonly perConnection: number;
}

type Connection = Context<Record<string, unknown> | undefined, SocketSession>;

/**
 * The protocol `graphql-transport-ws` over our callers, limits and errors. What a subscription is refused for comes as one `error` message,
 * whether its document, its caller or its source is at fault; an event with a field that failed comes as `next` with `errors`.
 */
export function createSubscriptionProtocol({ read, reporter, perConnection }: SubscriptionProtocolDeps): Server<SocketSession> {
  const format = (errors: readonly GraphQLError[], contextValue: unknown): readonly GraphQLFormattedError[] => {
    if (contextValue instanceof RequestContext) for (const error of errors) reporter.report(error, contextValue.logger);
    return errors.map((error) => reporter.format(error.toJSON(), error));
  };
  return makeServer<Record<string, unknown> | undefined, SocketSession>({
    onConnect: async ({ extra, connectionParams }) => {
      await extra.open(connectionParams ?? {});
      return true;
    },
    onClose: ({ extra }) => extra.close(),
    onSubscribe: async (connection, _id, payload) => {
      try {
        demandRoom(connection, perConnection);
        await connection.extra.admit();
      } catch (error) {
        return [new GraphQLError('refused', { originalError: asError(error) })];
      }
      const subscription = read(payload);
      return 'document' in subscription ? { ...subscription, contextValue: connection.extra.context() } : subscription;
    },
    onOperation: (...[, , , , result]) => {
      const [refusal] = 'errors' in result ? (result.errors ?? []) : [];
      return refusal === undefined ? undefined : refusedBy(refusal);
    },
    onNext: (...[, , , { contextValue }, { data = null, errors }]) =>
      errors === undefined ? undefined : { data, errors: format(errors, contextValue) },
    onError: (...[, , , errors]) => format(errors.map(located), null),
  });
}

/** The one that asks is counted already. */
function demandRoom({ subscriptions }: Connection, perConnection: number): void {
  if (Object.keys(subscriptions).length > perConnection) throw subscriptionLimitError('subscriptions');
}

/** A source that fails before its first event. */
function refusedBy(refusal: GraphQLError): AsyncIterable<ExecutionResult> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(refusal) }) };
}

/** What a source throws arrives wrapped: where it happened stands in what is wrapped. */
function located(error: GraphQLError): GraphQLError {
  return error.originalError instanceof GraphQLError ? error.originalError : error;
}

function asError(error: unknown): Error {
  invariant(error instanceof Error, 'only errors are thrown');
  return error;
}
