import { DomainError } from '@vitrine/kernel';
import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { isTokenLimit, listLimitFault, OPERATION_LIMITS, operationLimitRules } from '../server/operation-limits';

export interface SubscriptionReaderOptions {
  readonly schema: GraphQLSchema;
  /** Lets messages name what the schema has: development only. */
  readonly showSchema: boolean;
}

/** A subscription that may be run. */
export interface ReadSubscription {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly variableValues: Record<string, unknown> | null;
}

export type SubscriptionReader = (payload: SubscribePayload) => ReadSubscription | readonly GraphQLError[];

/**
 * Reads what a client asks for over a socket under the limits that queries have, and lets subscriptions alone through: over a socket
 * nothing else of HTTP's protection (limits per request, metrics, cross-site rules) is met.
 *
 * @returns a reader that gives the operation, or why it may not run
 */
export function createSubscriptionReader({ schema, showSchema }: SubscriptionReaderOptions): SubscriptionReader {
  const rules = [...specifiedRules, ...operationLimitRules(OPERATION_LIMITS)];
  return ({ query, operationName = null, variables = null }) => {
    const document = parsed(query);
    if (document instanceof GraphQLError) return [document];
    const faults = validate(schema, document, rules, { hideSuggestions: !showSchema });
    if (faults.length > 0) return faults.map(invalid);
    const fault = operationFault(schema, document, { operationName, variables });
    return fault === null ? { schema, document, operationName, variableValues: variables } : [fault];
  };
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: OPERATION_LIMITS.tokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (isTokenLimit(error.message)) return error;
    const { message, source = null, positions = null } = error;
    return new GraphQLError(message, { source, positions, extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
  }
}

/** A limit keeps its own code; what the specification's rules find gets theirs. */
function invalid(fault: GraphQLError): GraphQLError {
  if (fault.originalError instanceof DomainError) return fault;
  return new GraphQLError(fault.message, { nodes: fault.nodes ?? null, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
}

interface Asked {
  readonly operationName: string | null;
  readonly variables: Record<string, unknown> | null;
}

function operationFault(schema: GraphQLSchema, document: DocumentNode, { operationName, variables }: Asked): GraphQLError | null {
  const operation = getOperationAST(document, operationName);
  if (operation === null || operation === undefined) return badInput('The document does not say which operation to run.');
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION)
    return badInput('A socket carries subscriptions only: send queries and mutations over HTTP.');
  const tooLong = listLimitFault(variables, OPERATION_LIMITS);
  if (tooLong !== null) return tooLong;
  // Their messages repeat the values, which are the caller's own: said once, without them.
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {}, { maxErrors: 1 });
  return errors === undefined ? null : badInput('The variables do not fit the operation.');
}

function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { originalError: new DomainError('BAD_USER_INPUT', message) });
}
