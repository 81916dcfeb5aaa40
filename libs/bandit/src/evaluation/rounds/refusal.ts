import { DomainError, type ErrorCode } from '@vitrine/kernel';

/** Where a refused value stands. `row` and `column` count from 0. */
export interface Place {
  readonly case: string;
  readonly field: string;
  readonly row?: number;
  readonly column?: number;
}

/** The error of a faulty log. Its message and details name the place and never repeat the value. */
export function refusal(code: ErrorCode, place: Place, rule: string): DomainError {
  const row = place.row === undefined ? '' : `[${place.row}]`;
  const column = place.column === undefined ? '' : `[${place.column}]`;
  return new DomainError(code, `case "${place.case}", ${place.field}${row}${column}: ${rule}`, { details: { ...place } });
}

type Numbers = Float64Array | Int32Array;

/** @throws DomainError LOGGED_ROUNDS_INVALID */
export function checkLength(values: Numbers, expected: number, place: Place): void {
  if (values.length !== expected) throw refusal('LOGGED_ROUNDS_INVALID', place, `holds ${values.length} values instead of ${expected}`);
}

export interface Rule {
  readonly code: ErrorCode;
  /** What has to hold, as a sentence for the message. */
  readonly says: string;
  readonly holds: (value: number) => boolean;
  /** Values per row of a matrix, so that the message can name row and column; absent for a plain array. */
  readonly width?: number;
}

/** Refuses the first value that breaks the rule. */
export function checkEach(values: Numbers, place: Place, { code, says, holds, width }: Rule): void {
  const at = values.findIndex((value) => !holds(value));
  if (at < 0) return;
  throw refusal(code, width === undefined ? { ...place, row: at } : { ...place, row: Math.floor(at / width), column: at % width }, says);
}

export const FINITE: Rule = { code: 'LOGGED_ROUNDS_INVALID', says: 'must be a finite number', holds: Number.isFinite };

export const PROBABILITY: Rule = {
  code: 'LOGGED_ROUNDS_INVALID',
  says: 'must be a probability, in [0, 1]',
  holds: (value) => value >= 0 && value <= 1,
};

export const PROPENSITY: Rule = {
  code: 'PROPENSITY_INVALID',
  says: 'a propensity must lie in (0, 1]: what was logged had a chance to be logged',
  holds: (value) => value > 0 && value <= 1,
};

export const indexBelow = (limit: number): Rule => ({
  code: 'LOGGED_ROUNDS_INVALID',
  says: `must be a whole number from 0 to ${limit - 1}`,
  holds: (value) => value >= 0 && value < limit,
});

/** Squares of weights are summed: beyond this they could overflow. */
export const LARGEST_WEIGHT = 1e150;

/** Published tables are rounded: 34 probabilities of six digits miss 1 by up to 2e-5. The estimators divide by the sum. */
const SUM_TOLERANCE = 1e-3;

export function sumsToOne(sum: number): boolean {
  return Math.abs(sum - 1) <= SUM_TOLERANCE;
}
