import { assertNever, DomainError, murmur3 } from '@vitrine/kernel';
import type { FeatureEncoding, FeatureSpec } from '@vitrine/catalog';
import { isPersonal, readerOf, type FeatureContext, type FeatureValue } from './feature-source';

/** Longest encoded context, as a sealed token has room for. */
export const MAX_DIMENSION = 256;

/** Turns what is known at a decision into the vector that its policy reads. Compiled once per policy version. */
export interface FeatureEncoder {
  /** 1 for the bias, plus the lengths of the encodings. */
  readonly dimension: number;
  /** Whether any dimension comes from the profile. */
  readonly personal: boolean;
  /** Per dimension: whether it comes from the profile. */
  readonly personalDimensions: readonly boolean[];
  /**
   * Overwrites `out`: 1 at index 0, then every feature in order. What is not known stays zero.
   *
   * @param out shape [dimension]
   * @throws DomainError FEATURE_VALUE_INVALID naming the feature, when a value of the request is not finite or has the wrong type. A
   * value of the profile that does not fit is not the caller's fault: it counts as not known.
   */
  encode(context: FeatureContext, out: Float64Array): void;
}

/** Writes one value at its offset; false when the value does not fit the encoding. */
type ValueWriter = (value: FeatureValue, out: Float64Array) => boolean;
type FeatureWriter = (context: FeatureContext, out: Float64Array) => void;

/**
 * @throws DomainError FEATURE_SCHEMA_INVALID when an encoding has no dimension, a scale is zero or not finite, or the whole is longer
 * than {@link MAX_DIMENSION}
 */
export function compileFeatures(specs: readonly FeatureSpec[]): FeatureEncoder {
  const writers: FeatureWriter[] = [];
  const personalDimensions: boolean[] = [false];
  let dimension = 1;
  for (const spec of specs) {
    const length = checkedLength(spec);
    writers.push(featureWriter(spec, valueWriter(spec.encoding, dimension)));
    for (let i = 0; i < length; i++) personalDimensions.push(isPersonal(spec.source));
    dimension += length;
  }
  if (dimension > MAX_DIMENSION) {
    throw new DomainError('FEATURE_SCHEMA_INVALID', 'the features have too many dimensions', {
      details: { dimension, limit: MAX_DIMENSION },
    });
  }
  return {
    dimension,
    personal: personalDimensions.includes(true),
    personalDimensions,
    encode(context, out) {
      out.fill(0);
      out[0] = 1;
      for (const write of writers) write(context, out);
    },
  };
}

function checkedLength({ name, encoding }: FeatureSpec): number {
  switch (encoding.kind) {
    case 'onehot':
      if (encoding.values.length > 0 && new Set(encoding.values).size === encoding.values.length) return encoding.values.length;
      break;
    case 'numeric':
      if (Number.isFinite(encoding.center) && Number.isFinite(encoding.scale) && encoding.scale !== 0) return 1;
      break;
    case 'hash':
      if (Number.isInteger(encoding.buckets) && encoding.buckets > 0) return encoding.buckets;
      break;
    default:
      return assertNever(encoding);
  }
  throw new DomainError('FEATURE_SCHEMA_INVALID', `feature ${name} has no valid encoding`, { details: { feature: name } });
}

function featureWriter({ name, source }: FeatureSpec, write: ValueWriter): FeatureWriter {
  const read = readerOf(source);
  const personal = isPersonal(source);
  return (context, out) => {
    const value = read(context);
    if (value === null || write(value, out) || personal) return;
    throw new DomainError('FEATURE_VALUE_INVALID', `feature ${name} has a value that is not finite or has the wrong type`, {
      details: { feature: name },
    });
  };
}

function valueWriter(encoding: FeatureEncoding, offset: number): ValueWriter {
  switch (encoding.kind) {
    case 'onehot': {
      const index = new Map(encoding.values.map((value, i) => [value, offset + i]));
      return (value, out) => {
        if (!isFiniteValue(value)) return false;
        const at = index.get(String(value));
        if (at !== undefined) out[at] = 1;
        return true;
      };
    }
    case 'numeric': {
      const { center, scale } = encoding;
      return (value, out) => {
        if (typeof value === 'string') return false;
        const scaled = (Number(value) - center) / scale;
        if (!Number.isFinite(scaled)) return false;
        out[offset] = scaled;
        return true;
      };
    }
    case 'hash': {
      const { buckets } = encoding;
      return (value, out) => {
        if (!isFiniteValue(value)) return false;
        out[offset + (murmur3(String(value)) % buckets)] = 1;
        return true;
      };
    }
    default:
      return assertNever(encoding);
  }
}

function isFiniteValue(value: FeatureValue): boolean {
  return typeof value !== 'number' || Number.isFinite(value);
}
