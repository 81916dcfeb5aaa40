import type { FeatureSpec } from '@vitrine/catalog';
import { DomainError, murmur3 } from '@vitrine/kernel';
import { aContext, aProfile, NOON, PERSONAL_FEATURES } from '../fixtures';
import { compileFeatures } from './feature-encoder';
import type { FeatureContext } from './feature-source';
import { personalFacts, segmentFacts } from './personal-facts';

const encoder = compileFeatures(PERSONAL_FEATURES);

function encode(context: FeatureContext, of = encoder): readonly number[] {
  const out = new Float64Array(of.dimension).fill(99);
  of.encode(context, out);
  return Array.from(out);
}

describe('compileFeatures', () => {
  it('writes the bias, then each feature at its place', () => {
    const personal = personalFacts(aProfile(), { segmentId: 'seg-1', embedding: null }, NOON);
    const bucket = murmur3('seg-1') % 4;
    const segment = [0, 1, 2, 3].map((i) => (i === bucket ? 1 : 0));
    expect(encode(aContext({ features: { temperature: 25 }, personal }))).toEqual([1, 1, 0, 0.5, 1, 0, 0.75, 0.4, ...segment]);
  });

  it('leaves what is not known at zero', () => {
    expect(encode(aContext({ device: 'TV' }))).toEqual([1, ...new Array<number>(11).fill(0)]);
  });

  it('tells which dimensions come from the profile', () => {
    expect(encoder.personalDimensions).toEqual([false, false, false, false, true, true, true, true, true, true, true, true]);
    expect(encoder.personal).toBe(true);
    expect(compileFeatures(PERSONAL_FEATURES.slice(0, 2)).personal).toBe(false);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 'warm'])('refuses %p for a number of the request and names the feature', (temperature) => {
    const attempt = () => encode(aContext({ features: { temperature } }));
    expect(attempt).toThrow(DomainError);
    expect(attempt).toThrow(expect.objectContaining({ code: 'FEATURE_VALUE_INVALID', details: { feature: 'temperature' } }));
  });

  it('takes a profile value of the wrong type for not known: the caller cannot mend it', () => {
    const spec = [{ name: 'age', source: { kind: 'trait', key: 'tier' }, encoding: { kind: 'numeric', center: 0, scale: 1 } }] as const;
    expect(encode(aContext({ personal: personalFacts(aProfile(), null, NOON) }), compileFeatures(spec))).toEqual([1, 0]);
  });

  it('reads the coordinates of the embedding, and leaves one that the live model does not have at zero', () => {
    const spec = [0, 1, 2].map((component): FeatureSpec => ({
      name: `e${component}`,
      source: { kind: 'embedding', component },
      encoding: { kind: 'numeric', center: 0.5, scale: 2 },
    }));
    const place = { segmentId: 'seg-1', embedding: Float64Array.of(1.5, -2) };
    const embedded = compileFeatures(spec);
    expect(embedded.personalDimensions).toEqual([false, true, true, true]);
    expect(encode(aContext({ personal: personalFacts(aProfile(), place, NOON) }), embedded)).toEqual([1, 0.5, -1.25, 0]);
    expect(encode(aContext({ personal: segmentFacts(place) }), embedded)).toEqual([1, 0.5, -1.25, 0]);
    expect(encode(aContext({ personal: personalFacts(aProfile(), null, NOON) }), embedded)).toEqual([1, 0, 0, 0]);
    expect(encode(aContext(), embedded)).toEqual([1, 0, 0, 0]);
  });

  it('reads hour and weekday in UTC', () => {
    const spec = [
      { name: 'hour', source: { kind: 'context', field: 'hourOfDay' }, encoding: { kind: 'numeric', center: 0, scale: 1 } },
      { name: 'day', source: { kind: 'context', field: 'weekday' }, encoding: { kind: 'numeric', center: 0, scale: 1 } },
    ] as const;
    expect(encode(aContext({ nowMs: Date.UTC(2026, 0, 5, 23, 59) }), compileFeatures(spec))).toEqual([1, 23, 1]); // a Monday
    expect(encode(aContext({ nowMs: Date.UTC(2026, 0, 4, 0, 0) }), compileFeatures(spec))).toEqual([1, 0, 7]);
  });

  it('does not read inherited properties of a request', () => {
    const spec = [{ name: 'c', source: { kind: 'request', key: 'constructor' }, encoding: { kind: 'hash', buckets: 2 } }] as const;
    expect(encode(aContext(), compileFeatures(spec))).toEqual([1, 0, 0]);
  });

  it.each([
    { kind: 'onehot', values: [] },
    { kind: 'onehot', values: ['a', 'a'] },
    { kind: 'numeric', center: 0, scale: 0 },
    { kind: 'hash', buckets: 0 },
    { kind: 'hash', buckets: 256 },
  ] as const)('refuses the encoding %j', (encoding) => {
    const attempt = () => compileFeatures([{ name: 'x', source: { kind: 'request', key: 'x' }, encoding }]);
    expect(attempt).toThrow(expect.objectContaining({ code: 'FEATURE_SCHEMA_INVALID' }));
  });
});

describe('segmentFacts', () => {
  it('knows the segment and its middle, and nothing else of the person', () => {
    const personal = segmentFacts({ segmentId: 'seg-1', embedding: Float64Array.of(2) });
    const bucket = murmur3('seg-1') % 4;
    expect(encode(aContext({ device: 'TV', personal }))).toEqual([
      1,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      ...[0, 1, 2, 3].map((i) => (i === bucket ? 1 : 0)),
    ]);
  });
});

describe('personalFacts', () => {
  it('reads behaviour in the units that features declare', () => {
    const facts = personalFacts(aProfile(), null, NOON);
    expect(facts.behaviour('recencyDays')).toBe(1);
    expect(facts.behaviour('monetaryValue')).toBe(12.5);
    expect(facts.behaviour('dwellSeconds')).toBe(5);
    expect(facts.behaviour('purchases')).toBe(1);
  });

  it('knows no interest of somebody who showed none', () => {
    const { features } = aProfile();
    expect(
      personalFacts(
        { traits: {}, features: { ...features, interest: { ...features.interest, categories: [] } } },
        null,
        NOON,
      ).interestShare('shoes'),
    ).toBeNull();
    expect(
      personalFacts({ traits: {}, features: { ...features, visit: { ...features.visit, lastSeenAt: null } } }, null, NOON).behaviour(
        'recencyDays',
      ),
    ).toBeNull();
    expect(personalFacts({ traits: {}, features }, null, NOON).interestShare('boats')).toBe(0);
  });
});
