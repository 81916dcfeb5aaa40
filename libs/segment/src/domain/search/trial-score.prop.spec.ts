import fc from 'fast-check';
import { aTrialScore } from '../../testing/segment.fixture';
import { bestOf, compareScores, type TrialScore } from './trial-score';

/** Coarse grids and fine steps around them, so that ties and near ties are common. */
const near = (values: readonly number[], step: number) =>
  fc.tuple(fc.constantFrom(...values), fc.integer({ min: -3, max: 3 })).map(([value, by]) => value + by * step);
const scores: fc.Arbitrary<TrialScore> = fc
  .record({
    segments: fc.integer({ min: 1, max: 6 }),
    silhouette: near([-1, 0, 0.3, 0.6], 0.0007),
    stability: near([0.2, 0.9, 1], 0.0007),
    responseGain: fc.option(near([-0.01, 0, 0.002, 0.05], 0.0002)),
    obstacle: fc.option(fc.constantFrom('UNSTABLE', 'NO_STRUCTURE')),
  })
  .map((over) => aTrialScore(over));

describe('compareScores', () => {
  it('is a total order: antisymmetric and transitive, also among what counts as equal', () => {
    fc.assert(
      fc.property(scores, scores, scores, (a, b, c) => {
        expect(Math.sign(compareScores(a, b)) + Math.sign(compareScores(b, a))).toBe(0);
        expect(compareScores(a, a)).toBeCloseTo(0, 12);
        if (compareScores(a, b) <= 0 && compareScores(b, c) <= 0) expect(compareScores(a, c)).toBeLessThanOrEqual(0);
        if (compareScores(a, b) === 0) expect(Math.sign(compareScores(a, c))).toBe(Math.sign(compareScores(b, c)));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each<[string, Partial<TrialScore>, Partial<TrialScore>]>([
    ['what can pass the gate', { obstacle: null, responseGain: 0 }, { obstacle: 'UNSTABLE', responseGain: 0.5, silhouette: 0.9 }],
    ['what tells more of the response', { responseGain: 0.02, silhouette: 0.1 }, { responseGain: 0.01, silhouette: 0.9 }],
    ['what tells something', { responseGain: 0.02, silhouette: 0.1 }, { responseGain: null, silhouette: 0.9 }],
    ['silence', { responseGain: null, silhouette: 0.1 }, { responseGain: -0.02, silhouette: 0.9 }],
    ['structure where responses are equal', { responseGain: 0.02, silhouette: 0.6 }, { responseGain: 0.0201, silhouette: 0.5 }],
    ['what is stable', { silhouette: 0.5, stability: 1 }, { silhouette: 0.55, stability: 0.8 }],
    ['fewer segments', { segments: 3, silhouette: 0.5 }, { segments: 4, silhouette: 0.5001 }],
  ])('prefers %s', (_what, better, worse) => {
    expect(compareScores(aTrialScore(better), aTrialScore(worse))).toBeLessThan(0);
  });
});

describe('bestOf', () => {
  it('gives the best first, the lower number of equals, and no more than are wanted', () => {
    const held = {
      10: aTrialScore({ silhouette: 0.7 }),
      2: aTrialScore({ silhouette: 0.5 }),
      7: aTrialScore({ silhouette: 0.7 }),
      1: aTrialScore({ silhouette: 0.9, obstacle: 'UNSTABLE' }),
    };
    expect(bestOf(held, 9)).toEqual([7, 10, 2, 1]);
    expect(bestOf(held, 2)).toEqual([7, 10]);
    expect(bestOf({}, 2)).toEqual([]);
  });

  it('does not depend on the order in which scores came in', () => {
    fc.assert(
      fc.property(fc.array(scores, { minLength: 1, maxLength: 8 }), (list) => {
        const entries = list.map((score, at) => [String(at), score] as const);
        expect(bestOf(Object.fromEntries(entries.toReversed()), 9)).toEqual(bestOf(Object.fromEntries(entries), 9));
      }),
    );
  });
});
