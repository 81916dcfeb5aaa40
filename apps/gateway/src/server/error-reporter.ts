import type { ApolloServerPlugin } from '@apollo/server';
import { ERRORS, isErrorCode } from '@vitrine/kernel';
import { newUuid, type Logger } from '@vitrine/platform';
import type { GraphQLFormattedError } from 'graphql';
import type { RequestContext } from '../context';
import { rootCause, toPublicError } from './public-error';

/** Logs what went wrong and formats what the caller may know; an id in the answer leads to the line in the log. */
export class ErrorReporter {
  private readonly reported = new WeakMap<object, string>();

  constructor(private readonly logger: Logger) {}

  /** Apollo's `formatError`. */
  readonly format = (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const { code, message, retryable, details } = toPublicError(error);
    const id = this.report(error, this.logger);
    return {
      message,
      ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
      extensions: { code, retryable, ...(Object.keys(details).length === 0 ? {} : { details }), ...(id === null ? {} : { id }) },
    };
  };

  /** Reports with the request's own logger, before `format` would do it without one. */
  plugin(): ApolloServerPlugin<RequestContext> {
    return {
      requestDidStart: async () => ({
        didEncounterErrors: async ({ errors, contextValue }) => {
          for (const error of errors) this.report(error, contextValue.logger);
        },
      }),
    };
  }

  /** @returns the id under which a fault of ours was logged, or null for a caller's mistake */
  report(error: unknown, logger: Logger): string | null {
    const { code } = toPublicError(error);
    const entry = isErrorCode(code) ? ERRORS[code] : ERRORS.BAD_USER_INPUT;
    if (entry.status < 500) {
      logger.debug({ code }, 'a request was refused');
      return null;
    }
    const cause = rootCause(error);
    const known = typeof cause === 'object' && cause !== null ? this.reported.get(cause) : undefined;
    if (known !== undefined) return known;
    const errorId = newUuid();
    if (typeof cause === 'object' && cause !== null) this.reported.set(cause, errorId);
    logger[entry.logLevel]({ errorId, code, err: cause }, 'a request failed');
    return errorId;
  }
}
