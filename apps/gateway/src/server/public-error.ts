import { unwrapResolverError } from '@apollo/server/errors';
import { DomainError, ERRORS, isErrorCode, type ErrorCode } from '@vitrine/kernel';
import { GraphQLError } from 'graphql';
import { isTokenLimit, tokenLimitError } from './operation-limits';
import { isArgumentFault, argumentFaults } from './argument-faults';

/** What a caller may see of an error. `id` is present exactly where the log has more to tell. */
export interface PublicError {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly details: DomainError['details'];
}

/** Codes that the GraphQL layer itself raises: part of the public contract beside the registry. */
export const GRAPHQL_CODES = {
  GRAPHQL_PARSE_FAILED: 'The document is not valid GraphQL syntax.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not fit the schema.',
  PERSISTED_QUERY_NOT_FOUND: 'No document is stored under this hash: send it once in full.',
} as const;

/** Codes of the GraphQL layer that say the same as one of ours. */
const ALIASES: Readonly<Record<string, ErrorCode>> = {
  BAD_REQUEST: 'BAD_USER_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_USER_INPUT',
  PERSISTED_QUERY_NOT_SUPPORTED: 'BAD_USER_INPUT',
};

const NO_DETAILS = {};
const MASKED: PublicError = { code: 'INTERNAL', message: ERRORS.INTERNAL.publicMessage, retryable: false, details: NO_DETAILS };

/** Translates any error into what may leave; whatever is not known to be harmless becomes INTERNAL. */
export function toPublicError(error: unknown): PublicError {
  const cause = rootCause(error);
  if (cause instanceof DomainError) return fromDomainError(cause);
  if (!(error instanceof GraphQLError)) return MASKED;
  if (isTokenLimit(error.message)) return fromDomainError(tokenLimitError());
  if (isArgumentFault(cause)) {
    return {
      code: 'BAD_USER_INPUT',
      message: ERRORS.BAD_USER_INPUT.publicMessage,
      retryable: false,
      details: { fields: argumentFaults(cause) },
    };
  }
  return fromGraphqlLayer(error);
}

/** The error that was thrown first: GraphQL wraps what resolvers throw, Apollo wraps what validation reports. */
export function rootCause(error: unknown): unknown {
  let cause = unwrapResolverError(error);
  while (cause instanceof GraphQLError && cause.originalError !== undefined) cause = cause.originalError;
  return cause;
}

function fromDomainError(error: DomainError): PublicError {
  const { status, retryable, publicMessage } = error.entry;
  // The message of a fault is for us; the message of a caller's mistake is for the caller.
  if (status >= 500) return { code: error.code, message: publicMessage, retryable, details: NO_DETAILS };
  return { code: error.code, message: error.message, retryable, details: error.details };
}

function fromGraphqlLayer(error: GraphQLError): PublicError {
  const code = error.extensions['code'];
  if (typeof code !== 'string') return MASKED;
  if (Object.hasOwn(GRAPHQL_CODES, code)) return { code, message: error.message, retryable: false, details: NO_DETAILS };
  const ours = ALIASES[code] ?? code;
  if (!isErrorCode(ours) || ours === 'INTERNAL') return MASKED;
  return { code: ours, message: error.message, retryable: ERRORS[ours].retryable, details: NO_DETAILS };
}
