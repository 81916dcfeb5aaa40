import { DomainError, err, ok, type Result } from '@vitrine/kernel';
import type { FeatureValue } from '../domain/feature-source';

export const MAX_FEATURES = 64;
export const MAX_FEATURE_TEXT = 200;

/**
 * Reads the `features` of a request: an object of at most 64 scalars. A null counts as absent. Keys may be named in errors (they are the
 * app's own words), values may not.
 */
export function parseRequestFeatures(input: unknown): Result<Readonly<Record<string, FeatureValue>>, DomainError> {
  if (input === null || input === undefined) return ok({});
  if (typeof input !== 'object' || Array.isArray(input)) return refused('features must be an object');
  const entries = Object.entries(input);
  if (entries.length > MAX_FEATURES) return refused(`features has more than ${MAX_FEATURES} keys`);
  const known: [string, FeatureValue][] = [];
  for (const [key, value] of entries) {
    if (key.length > MAX_FEATURE_TEXT) return refused(`a key of features is longer than ${MAX_FEATURE_TEXT} characters`);
    if (value === null) continue;
    const fault = faultOf(key, value);
    if (fault !== null) return err(fault);
    if (isScalar(value)) known.push([key, value]);
  }
  return ok(Object.fromEntries(known));
}

function isScalar(value: unknown): value is FeatureValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function faultOf(key: string, value: unknown): DomainError | null {
  if (!isScalar(value))
    return new DomainError('BAD_USER_INPUT', 'a feature must be a text, a number or true or false', { details: { feature: key } });
  if (typeof value === 'string' && value.length > MAX_FEATURE_TEXT) {
    return new DomainError('BAD_USER_INPUT', `a feature is longer than ${MAX_FEATURE_TEXT} characters`, { details: { feature: key } });
  }
  // JSON has no infinity, but 1e999 reads as one.
  if (typeof value === 'number' && !Number.isFinite(value))
    return new DomainError('FEATURE_VALUE_INVALID', undefined, { details: { feature: key } });
  return null;
}

function refused(message: string): { readonly ok: false; readonly error: DomainError } {
  return err(new DomainError('BAD_USER_INPUT', message, { details: { field: 'context.features' } }));
}
