import { DomainError } from '@vitrine/kernel';

/** The ids that other catalogue objects call themselves by: what fits a sealed token. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/** A caller's fault in one field; the message never echoes the value. */
export function invalidField(field: string, why: string): DomainError {
  return new DomainError('BAD_USER_INPUT', `${field} ${why}`, { details: { field } });
}

/** @throws DomainError BAD_USER_INPUT unless `value` has 1 to `max` characters, not only blanks */
export function checkText(field: string, value: string, max: number): void {
  if (value.trim() === '') throw invalidField(field, 'must not be blank');
  if (value.length > max) throw invalidField(field, `must have at most ${max} characters`);
}

/** @throws DomainError BAD_USER_INPUT */
export function checkId(field: string, value: string): void {
  if (!ID.test(value))
    throw invalidField(field, 'must be at most 40 letters, digits, dots, dashes or underscores, a letter or digit first');
}

/** @throws DomainError BAD_USER_INPUT unless `value` is a whole number in `[min, max]` */
export function checkInteger(field: string, value: number, [min, max]: readonly [number, number]): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) throw invalidField(field, `must be a whole number from ${min} to ${max}`);
}

/** @throws DomainError BAD_USER_INPUT */
export function checkCount(field: string, list: readonly unknown[], max: number): void {
  if (list.length > max) throw invalidField(field, `must have at most ${max} entries`);
}

/** @throws DomainError BAD_USER_INPUT */
export function checkOneOf(field: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw invalidField(field, `must be one of ${allowed.join(', ')}`);
}

/** @throws DomainError BAD_USER_INPUT when two entries are equal */
export function checkUnique(field: string, values: readonly string[]): void {
  if (new Set(values).size !== values.length) throw invalidField(field, 'must not repeat an entry');
}

/**
 * Only absolute web addresses: a `javascript:` or `data:` link would run in the shopper's app.
 *
 * @throws DomainError BAD_USER_INPUT
 */
export function checkWebUrl(field: string, value: string): void {
  if (value.length > 2_048) throw invalidField(field, 'must have at most 2048 characters');
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) throw invalidField(field, 'must be an absolute http or https address');
}
