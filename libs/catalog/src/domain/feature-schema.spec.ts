import { featureDimension, featureSchemaHash, validateFeatures } from './feature-schema';
import type { FeatureSpec } from './types';

const device: FeatureSpec = {
  name: 'device',
  source: { kind: 'context', field: 'device' },
  encoding: { kind: 'onehot', values: ['MOBILE', 'DESKTOP'] },
};
const visits: FeatureSpec = {
  name: 'visits',
  source: { kind: 'behaviour', name: 'visits' },
  encoding: { kind: 'numeric', center: 3, scale: 2 },
};
const segment: FeatureSpec = { name: 'segment', source: { kind: 'segment' }, encoding: { kind: 'hash', buckets: 16 } };

const embedding: FeatureSpec = {
  name: 'embedding 2',
  source: { kind: 'embedding', component: 2 },
  encoding: { kind: 'numeric', center: 0, scale: 1 },
};

const fieldOf = (features: readonly FeatureSpec[]): unknown => {
  try {
    validateFeatures(features);
    return null;
  } catch (error) {
    return error;
  }
};

describe('featureDimension', () => {
  it('counts the bias and every encoding', () => {
    expect(featureDimension([])).toBe(1);
    expect(featureDimension([device, visits, segment, embedding])).toBe(1 + 2 + 1 + 16 + 1);
  });
});

describe('featureSchemaHash', () => {
  it('does not depend on the order of keys but on that of features', () => {
    const turned: FeatureSpec = {
      encoding: { values: ['MOBILE', 'DESKTOP'], kind: 'onehot' },
      source: { field: 'device', kind: 'context' },
      name: 'device',
    };
    expect(featureSchemaHash([turned, visits])).toBe(featureSchemaHash([device, visits]));
    expect(featureSchemaHash([visits, device])).not.toBe(featureSchemaHash([device, visits]));
    expect(featureSchemaHash([{ ...visits, encoding: { kind: 'numeric', center: 3, scale: 4 } }])).not.toBe(featureSchemaHash([visits]));
  });

  it('stays what it was: contexts in ledgers are compared by it', () => {
    // MurmurHash3 x86 32 of the canonical text, computed with another implementation.
    expect(featureSchemaHash([])).toBe(2231318396);
    expect(featureSchemaHash([visits])).toBe(921064644);
  });
});

describe('validateFeatures', () => {
  it('accepts a sound schema of up to 256 dimensions', () => {
    expect(fieldOf([device, visits, segment, embedding])).toBeNull();
    expect(fieldOf([{ ...segment, encoding: { kind: 'hash', buckets: 255 } }])).toBeNull();
  });

  it.each<[string, readonly FeatureSpec[], string]>([
    ['too many dimensions', [{ ...segment, encoding: { kind: 'hash', buckets: 255 } }, visits], 'features'],
    ['a name used twice', [visits, { ...segment, name: 'visits' }], 'features[1].name'],
    ['a blank name', [{ ...visits, name: ' ' }], 'features[0].name'],
    ['an empty vocabulary', [{ ...device, encoding: { kind: 'onehot', values: [] } }], 'features[0].encoding.values'],
    ['a repeated value', [{ ...device, encoding: { kind: 'onehot', values: ['a', 'a'] } }], 'features[0].encoding.values'],
    [
      'an infinite center',
      [{ ...visits, encoding: { kind: 'numeric', center: Number.POSITIVE_INFINITY, scale: 1 } }],
      'features[0].encoding.center',
    ],
    ['a scale of zero', [{ ...visits, encoding: { kind: 'numeric', center: 0, scale: 0 } }], 'features[0].encoding.scale'],
    ['half a bucket', [{ ...segment, encoding: { kind: 'hash', buckets: 0.5 } }], 'features[0].encoding.buckets'],
    ['a trait without a key', [{ ...segment, source: { kind: 'trait', key: '' } }], 'features[0].source.key'],
    ['half a coordinate', [{ ...embedding, source: { kind: 'embedding', component: 0.5 } }], 'features[0].source.component'],
    ['a coordinate before the first', [{ ...embedding, source: { kind: 'embedding', component: -1 } }], 'features[0].source.component'],
    ['a coordinate that is no number', [{ ...embedding, source: { kind: 'embedding', component: NaN } }], 'features[0].source.component'],
    ['a coordinate beyond any vector', [{ ...embedding, source: { kind: 'embedding', component: 256 } }], 'features[0].source.component'],
    ['a coordinate taken as a word', [{ ...embedding, encoding: { kind: 'hash', buckets: 4 } }], 'features[0].encoding'],
    ['a number made of text', [{ ...device, encoding: { kind: 'numeric', center: 0, scale: 1 } }], 'features[0].encoding'],
    ['a measure taken as a word', [{ ...visits, encoding: { kind: 'hash', buckets: 4 } }], 'features[0].encoding'],
  ])('refuses %s', (_, features, field) => {
    expect(fieldOf(features)).toMatchObject({ code: 'FEATURE_SCHEMA_INVALID', details: { field } });
  });
});
