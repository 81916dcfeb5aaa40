import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloArmor } from '@escape.tech/graphql-armor';
import { DomainError } from '@vitrine/kernel';
import { GraphQLError, type ValidationContext, type ValidationRule } from 'graphql';
import type { RequestContext } from '../context';

export interface OperationLimits {
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields an operation may select, pages counted with their literal `first`. */
  readonly cost: number;
  /** Elements of any one list in the variables. */
  readonly listLength: number;
}

export const OPERATION_LIMITS: OperationLimits = { tokens: 2_000, depth: 12, aliases: 15, directives: 8, cost: 20_000, listLength: 500 };

/** Validation rules that refuse an operation before anything of it runs; each refusal is OPERATION_LIMIT and names its limit. */
export function operationLimitRules(limits: OperationLimits): readonly ValidationRule[] {
  const armor = new ApolloArmor({
    maxDepth: { n: limits.depth, flattenFragments: true, ...refusing('depth') },
    // `__typename` is on no allow list: aliasing it a thousand times costs as much as any other field.
    maxAliases: { n: limits.aliases, allowList: [], ...refusing('aliases') },
    maxDirectives: { n: limits.directives, ...refusing('directives') },
    costLimit: { maxCost: limits.cost, objectCost: 1, scalarCost: 1, depthCostFactor: 1, flattenFragments: true, ...refusing('cost') },
    // The parser counts tokens itself (`parseOptions.maxTokens`): this plugin answers syntax errors with HTTP 500.
    maxTokens: { enabled: false },
    // `hideSchemaDetailsFromClientErrors` does this one's work.
    blockFieldSuggestion: { enabled: false },
  });
  return armor.protect().validationRules;
}

function refusing(limit: string) {
  return {
    exposeLimits: false,
    propagateOnRejection: false,
    onReject: [(context: ValidationContext | null, error: GraphQLError) => context?.reportError(limitError(limit, error))],
  };
}

function limitError(limit: string, error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, { nodes: error.nodes ?? null, originalError: exceeded(limit) });
}

function exceeded(limit: string): DomainError {
  return new DomainError('OPERATION_LIMIT', `The operation exceeds the limit of ${limit}.`, { details: { limit } });
}

/** The parser's own limit is a plain syntax error: this tells it from a real one. */
export function isTokenLimit(message: string): boolean {
  return /^Syntax Error: Document contains more tha[nt] \d+ tokens/.test(message);
}

/** More sockets of a caller, or subscriptions on a socket, than this server keeps. */
export function subscriptionLimitError(limit: 'connections' | 'subscriptions'): DomainError {
  return new DomainError('OPERATION_LIMIT', `This server keeps no more ${limit} open.`, { details: { limit } });
}

export function tokenLimitError(): DomainError {
  return exceeded('tokens');
}

/** Refuses variables with an overlong list; literal lists are bounded by the token limit. */
export function listLimitPlugin(limits: OperationLimits): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ request }) => {
        const fault = listLimitFault(request.variables, limits);
        if (fault !== null) throw fault;
      },
    }),
  };
}

/** @returns the refusal of variables with an overlong list, or null */
export function listLimitFault(variables: unknown, limits: OperationLimits): GraphQLError | null {
  if (longestList(variables) <= limits.listLength) return null;
  return new GraphQLError('list too long', { originalError: exceeded('listLength') });
}

/** Iterative, since the nesting of variables is the caller's choice. */
function longestList(variables: unknown): number {
  let longest = 0;
  const open: unknown[] = [variables];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) longest = Math.max(longest, value.length);
    for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) open.push(inner);
  }
  return longest;
}
