/** How the system behaves when a code is raised; codes are public and stable, classes are not. Listed in `docs/errors.md`. */
export interface ErrorEntry {
  /** HTTP status of a REST edge; GraphQL answers carry it in `extensions.http` only where the transport needs it. */
  readonly status: number;
  /** Whether the same call may succeed later without being changed. */
  readonly retryable: boolean;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly publicMessage: string;
}

const caller = (publicMessage: string, status = 400): ErrorEntry => ({ status, retryable: false, logLevel: 'debug', publicMessage });
const passing = (publicMessage: string, status = 503): ErrorEntry => ({ status, retryable: true, logLevel: 'warn', publicMessage });
const fault = (publicMessage: string): ErrorEntry => ({ status: 500, retryable: false, logLevel: 'error', publicMessage });

export const ERRORS = {
  BAD_USER_INPUT: caller('The input is invalid.'),
  UNAUTHENTICATED: caller('A valid key or token is required.', 401),
  FORBIDDEN: caller('This caller may not do that.', 403),
  NOT_FOUND: caller('No such object.', 404),
  UNKNOWN_PLACEMENT: caller('No such placement.', 404),
  UNKNOWN_BANNER: caller('No such banner.', 404),
  UNKNOWN_CAMPAIGN: caller('No such campaign.', 404),
  UNKNOWN_POLICY: caller('No such policy.', 404),
  UNKNOWN_FEATURE: caller('No such feature in the catalogue.', 404),
  FILTER_NOT_INDEXED: caller('No index serves this filter.'),
  POLICY_PARAMETER_INVALID: caller('A policy parameter is unknown or out of range.'),
  FEATURE_SCHEMA_INVALID: caller('The feature schema is invalid.'),
  FEATURE_VALUE_INVALID: caller('A feature value is not finite or has the wrong shape.'),
  RULE_INVALID: caller('The audience rule does not compile.'),
  ELIGIBLE_SET_EMPTY: caller('No banner is eligible.'),
  REWARD_OUT_OF_RANGE: caller('A reward lies outside its range.'),
  STATE_VERSION_MISMATCH: caller('The state belongs to another policy version or dimension.', 409),
  STALE_WRITE: { ...caller('Somebody else changed this object first.', 409), retryable: true },
  DECISION_GROUP_CONFLICT: caller('This decision group was already answered for another input.', 409),
  NOT_REPLAYABLE_ERASED: caller('The evidence behind this decision was erased.', 410),
  NOT_REPLAYABLE: caller('The state behind this decision is no longer held.', 410),
  TOKEN_INVALID: caller('The decision token is not one of ours.'),
  TOKEN_EXPIRED: caller('The decision token has expired.'),
  TOKEN_FOREIGN: caller('The decision token belongs to another visitor.'),
  EVENT_MALFORMED: caller('The event is malformed.'),
  EVENT_TOO_LARGE: caller('The event or batch is too large.', 413),
  CLOCK_SKEW: caller('The time of the event is implausible.'),
  IMPOSSIBLE_TIMING: caller('The event came faster or lasted longer than a person can.'),
  BOT: caller('The event was sent by a bot.'),
  INTERNAL_TRAFFIC: caller('The event was sent from inside the shop.'),
  EVENT_DUPLICATE: caller('The event repeats another one under a new id.'),
  CURRENCY_UNKNOWN: caller('No rate is configured for this currency.'),
  IMPORT_MALFORMED_LINE: caller('A line of the import is malformed.'),
  IMPORT_MAPPING_INVALID: caller('The mapping of the import is invalid.'),
  IMPORT_TRUNCATED: caller('The file of the import ends too soon.'),
  IDENTITY_CONFLICT: caller('These ids cannot be joined.', 409),
  TOO_FEW_ROWS: caller('There are too few rows to train on.'),
  COLUMN_MISSING: caller('A column that the feature pipeline needs is not there.'),
  COLUMN_UNUSABLE: caller('A column cannot be learned from.'),
  PIPELINE_SPEC_INVALID: caller('The feature pipeline cannot do what it is told.'),
  PIPELINE_VERSION_MISMATCH: caller('The feature pipeline is of another version.', 409),
  TARGET_CONSTANT: caller('All rows have the same outcome.'),
  TRAINING_CANCELLED: caller('The training was cancelled.', 409),
  SEGMENT_GATE_REFUSED: caller('The candidate model did not pass its gate.', 409),
  LOGGED_ROUNDS_INVALID: caller('The logged rounds have wrong shapes or values out of range.'),
  PROPENSITY_INVALID: caller('A logged propensity is not in (0, 1].'),
  NO_OVERLAP: caller('The evaluated policy takes none of the logged actions.'),
  UNKNOWN_ESTIMATOR: caller('No such estimator or tuning rule.', 404),
  ESTIMATOR_PARAMETER_INVALID: caller('A parameter of an estimator is out of range.'),
  REWARD_MODEL_MISSING: caller('This estimator needs a model of the rewards.'),
  OPERATION_LIMIT: caller('The operation exceeds a limit of this server.'),
  RATE_LIMITED: { ...caller('Too many requests.', 429), retryable: true },
  QUEUE_UNAVAILABLE: passing('Events cannot be taken right now.'),
  DEPENDENCY_UNAVAILABLE: passing('A dependency is unavailable.'),
  SHUTTING_DOWN: passing('The server is shutting down.'),
  CONFIG_INVALID: fault('The configuration is invalid.'),
  PERSONAL_KEY_UNKNOWN: fault('Personal data is sealed under a key that is not configured.'),
  PERSONAL_DATA_UNREADABLE: fault('Personal data cannot be opened.'),
  LEDGER_MISMATCH: fault('The live state differs from the ledger.'),
  PRIOR_MALFORMED: fault('A stored prior revision is malformed.'),
  PIPELINE_MALFORMED: fault('A stored feature pipeline is malformed.'),
  STATE_MALFORMED: fault('A stored policy state is malformed.'),
  RESPONSE_MODEL_MALFORMED: fault('A stored response model is malformed.'),
  STACK_BINARY_MISSING: fault('A database binary could not be found.'),
  STACK_START_FAILED: fault('A database did not start.'),
  INTERNAL: fault('Something went wrong on our side.'),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERRORS, value);
}
