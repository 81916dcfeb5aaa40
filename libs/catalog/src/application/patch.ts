import { invalidField } from '../domain/field-check';

/** A change of one object: a value sets a field, null clears it, an absent field stays. */
export type Patch<T> = { readonly [K in keyof T]?: T[K] | null | undefined };

/** A field that clears to `cleared`, and starts there when the object is new. */
export function patched<T>(change: T | null | undefined, current: T | undefined, cleared: T): T {
  if (change === null) return cleared;
  return change ?? current ?? cleared;
}

/** @throws DomainError BAD_USER_INPUT when the field is cleared, or missing from a new object */
export function patchedMandatory<T>(field: string, change: T | null | undefined, current: T | undefined): T {
  if (change === null) throw invalidField(field, 'cannot be cleared');
  const value = change ?? current;
  if (value === undefined) throw invalidField(field, 'is needed to create the object');
  return value;
}
