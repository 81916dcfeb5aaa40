import { ERRORS, type ErrorCode, type ErrorEntry } from './error-registry';

export interface DomainErrorOptions {
  readonly cause?: unknown;
  /** Safe to show to the caller: names a place, never echoes a visitor's data. */
  readonly details?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** An operation cannot go on, for a reason that has a public code. */
export class DomainError extends Error {
  override readonly name: string = 'DomainError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string | number | boolean | readonly string[]>>;

  constructor(code: ErrorCode, message?: string, options: DomainErrorOptions = {}) {
    super(message ?? ERRORS[code].publicMessage, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }

  get entry(): ErrorEntry {
    return ERRORS[this.code];
  }
}
