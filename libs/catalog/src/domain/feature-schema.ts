import { assertNever, DomainError, murmur3 } from '@vitrine/kernel';
import { canonicalJson } from './canonical-json';
import type { FeatureEncoding, FeatureSource, FeatureSpec } from './types';

export const MAX_DIMENSION = 256;

/** Dimensions that one encoded value takes. */
export function encodingLength(encoding: FeatureEncoding): number {
  switch (encoding.kind) {
    case 'onehot':
      return encoding.values.length;
    case 'numeric':
      return 1;
    case 'hash':
      return encoding.buckets;
    default:
      return assertNever(encoding);
  }
}

/** Length of the context that these features encode to: 1 for the bias and the length of every encoding, in order. */
export function featureDimension(features: readonly FeatureSpec[]): number {
  return features.reduce((length, { encoding }) => length + encodingLength(encoding), 1);
}

/** Names what a context means: equal for equal features in equal order, whatever the order of keys in their objects. */
export function featureSchemaHash(features: readonly FeatureSpec[]): number {
  return murmur3(canonicalJson(features));
}

/** @throws DomainError FEATURE_SCHEMA_INVALID with the place in `details.field` */
export function validateFeatures(features: readonly FeatureSpec[]): void {
  const names = new Set<string>();
  features.forEach((feature, i) => {
    const field = `features[${i}]`;
    checkText(`${field}.name`, feature.name);
    if (names.has(feature.name)) throw invalid(`${field}.name`, 'is used twice');
    names.add(feature.name);
    checkSource(`${field}.source`, feature.source);
    checkEncoding(`${field}.encoding`, feature.encoding);
    checkPair(field, feature);
  });
  const dimension = featureDimension(features);
  if (dimension > MAX_DIMENSION) throw invalid('features', `encode to ${dimension} dimensions, at most ${MAX_DIMENSION} are allowed`);
}

function invalid(field: string, why: string): DomainError {
  return new DomainError('FEATURE_SCHEMA_INVALID', `${field} ${why}`, { details: { field } });
}

function checkText(field: string, value: string): void {
  if (value.trim() === '' || value.length > 100) throw invalid(field, 'must have 1 to 100 characters');
}

export const CONTEXT_FIELDS = ['device', 'locale', 'category', 'hourOfDay', 'weekday'] as const;
export const BEHAVIOURS = ['visits', 'purchases', 'recencyDays', 'monetaryValue', 'dwellSeconds'] as const;

function checkSource(field: string, source: FeatureSource): void {
  switch (source.kind) {
    case 'context':
      if (!CONTEXT_FIELDS.includes(source.field)) throw invalid(`${field}.field`, `must be one of ${CONTEXT_FIELDS.join(', ')}`);
      return;
    case 'request':
    case 'trait':
      return checkText(`${field}.key`, source.key);
    case 'interest':
      return checkText(`${field}.category`, source.category);
    case 'behaviour':
      if (!BEHAVIOURS.includes(source.name)) throw invalid(`${field}.name`, `must be one of ${BEHAVIOURS.join(', ')}`);
      return;
    case 'segment':
      return;
    case 'embedding':
      return checkComponent(`${field}.component`, source.component);
    default:
      return assertNever(source);
  }
}

function checkEncoding(field: string, encoding: FeatureEncoding): void {
  switch (encoding.kind) {
    case 'onehot':
      if (encoding.values.length === 0) throw invalid(`${field}.values`, 'must not be empty');
      if (new Set(encoding.values).size !== encoding.values.length) throw invalid(`${field}.values`, 'must not repeat a value');
      encoding.values.forEach((value, i) => checkText(`${field}.values[${i}]`, value));
      return;
    case 'numeric':
      if (!Number.isFinite(encoding.center)) throw invalid(`${field}.center`, 'must be finite');
      if (!(encoding.scale > 0 && Number.isFinite(encoding.scale) && Number.isFinite(1 / encoding.scale))) {
        throw invalid(`${field}.scale`, 'must be finite and positive');
      }
      return;
    case 'hash':
      checkBuckets(`${field}.buckets`, encoding.buckets);
      return;
    default:
      return assertNever(encoding);
  }
}

function checkBuckets(field: string, buckets: number): void {
  if (Number.isSafeInteger(buckets) && buckets >= 1 && buckets < MAX_DIMENSION) return;
  throw invalid(field, `must be a whole number from 1 to ${MAX_DIMENSION - 1}`);
}

/** A vector has no room for more coordinates than it has dimensions. */
function checkComponent(field: string, component: number): void {
  if (Number.isSafeInteger(component) && component >= 0 && component < MAX_DIMENSION) return;
  throw invalid(field, `must be a whole number from 0 to ${MAX_DIMENSION - 1}`);
}

const MEASURES: ReadonlySet<FeatureSource['kind']> = new Set(['interest', 'behaviour', 'embedding']);

/** An encoding that could never light a dimension of its source is a mistake that would cost learning silently. */
function checkPair(field: string, { source, encoding }: FeatureSpec): void {
  const textual = source.kind === 'segment' || (source.kind === 'context' && ['device', 'locale', 'category'].includes(source.field));
  if (textual && encoding.kind === 'numeric') throw invalid(`${field}.encoding`, 'must not be numeric: its source is text');
  if (MEASURES.has(source.kind) && encoding.kind !== 'numeric')
    throw invalid(`${field}.encoding`, 'must be numeric: its source is a measure');
}
