import fc from 'fast-check';
import { rngFromNumber, shuffledOrder } from '@vitrine/kernel';
import { adjustedRandIndex } from './adjusted-rand-index';
import { averagePrecision } from './average-precision';
import { calibration } from './calibration';
import { normalizedMutualInformation } from './normalized-mutual-information';
import { binShares, populationStability, quantileCuts } from './population-stability';
import { rocAuc, rocAucInterval } from './roc-auc';
import { wilsonInterval } from '@vitrine/bandit';

/** Few distinct scores, so that ties are common; both outcomes occur. */
const scored = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.boolean()), { minLength: 2, maxLength: 60 })
  .filter((rows) => rows.some(([, hit]) => hit) && rows.some(([, hit]) => !hit))
  .map((rows) => ({
    scores: Float64Array.from(rows, ([score]) => score / 12),
    target: Float64Array.from(rows, ([, hit]) => (hit ? 1 : 0)),
  }));

/** By the definition: every positive row against every negative one. */
function aucByPairs(scores: Float64Array, target: Float64Array): number {
  let wins = 0;
  let pairs = 0;
  scores.forEach((high, i) => {
    if (target[i] !== 1) return;
    scores.forEach((low, j) => {
      if (target[j] === 1) return;
      pairs++;
      wins += high > low ? 1 : high === low ? 0.5 : 0;
    });
  });
  return wins / pairs;
}

describe('rocAuc', () => {
  it('is the share of pairs in the right order, ties half', () => {
    fc.assert(fc.property(scored, ({ scores, target }) => expect(rocAuc(scores, target)).toBeCloseTo(aucByPairs(scores, target), 12)));
  });

  it('does not depend on the scale of the scores, and turns around with them', () => {
    fc.assert(
      fc.property(scored, ({ scores, target }) => {
        const auc = rocAuc(scores, target);
        const exponential = scores.map((score) => Math.exp(3 * score));
        const negated = scores.map((score) => -score);
        expect(rocAuc(exponential, target)).toBe(auc);
        expect(rocAuc(negated, target)).toBeCloseTo(1 - auc, 12);
      }),
    );
  });

  it('lies inside its interval, which lies inside [0, 1]', () => {
    fc.assert(
      fc.property(scored, ({ scores, target }) => {
        const { auc, lower, upper } = rocAucInterval(scores, target, 1.96);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(lower).toBeLessThanOrEqual(auc);
        expect(upper).toBeGreaterThanOrEqual(auc);
        expect(upper).toBeLessThanOrEqual(1);
      }),
    );
  });

  // 2,000 samples: a share of 0.95 varies by 0.0049; the bounds lie 4.5 of them away, the small-sample error of the interval included.
  it('covers the true value in about 95 % of samples', () => {
    const rng = rngFromNumber(71);
    const normal = () => Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
    const truth = 0.7602499389; // of N(1, 1) against N(0, 1): Phi(1 / sqrt 2)
    const target = Float64Array.from({ length: 120 }, (_, row) => (row < 50 ? 1 : 0));
    let covered = 0;
    for (let sample = 0; sample < 2000; sample++) {
      const { lower, upper } = rocAucInterval(
        target.map((hit) => hit + normal()),
        target,
        1.96,
      );
      if (lower <= truth && truth <= upper) covered++;
    }
    expect(covered / 2000).toBeGreaterThan(0.928);
    expect(covered / 2000).toBeLessThan(0.972);
  });

  it('refuses outcomes that are all the same and scores that are not numbers', () => {
    const same = () => rocAuc(Float64Array.of(0.1, 0.9), Float64Array.of(1, 1));
    const noNumber = () => rocAuc(Float64Array.of(0.1, Number.NaN), Float64Array.of(1, 0));
    expect(same).toThrow(expect.objectContaining({ code: 'TARGET_CONSTANT', details: { rows: 2 } }));
    expect(noNumber).toThrow(expect.objectContaining({ code: 'FEATURE_VALUE_INVALID' }));
  });
});

describe('averagePrecision', () => {
  it('is 1 exactly where every positive scores above every negative', () => {
    fc.assert(
      fc.property(scored, ({ scores, target }) => {
        const perfect = aucByPairs(scores, target) === 1;
        expect(averagePrecision(scores, target) > 1 - 1e-12).toBe(perfect);
      }),
    );
  });
});

const labellings = fc
  .array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 3 })), { minLength: 2, maxLength: 60 })
  .map((rows) => ({ a: Int32Array.from(rows, ([a]) => a), b: Int32Array.from(rows, ([, b]) => b) }));

/** Adjusted Rand index from all pairs of rows, by its definition. */
function randByPairs(a: Int32Array, b: Int32Array): number {
  let [both, inA, inB, all] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    for (let j = i + 1; j < a.length; j++) {
      const [sameA, sameB] = [a[i] === a[j], b[i] === b[j]];
      all++;
      if (sameA) inA++;
      if (sameB) inB++;
      if (sameA && sameB) both++;
    }
  }
  const expected = (inA * inB) / all;
  const most = (inA + inB) / 2;
  return most === expected ? 1 : (both - expected) / (most - expected);
}

describe('agreement of labellings', () => {
  it('counts pairs of rows, corrected for chance', () => {
    fc.assert(fc.property(labellings, ({ a, b }) => expect(adjustedRandIndex(a, b)).toBeCloseTo(randByPairs(a, b), 12)));
  });

  it('does not depend on the names of labels, the order of rows or of the two sides', () => {
    fc.assert(
      fc.property(labellings, fc.nat(), ({ a, b }, seed) => {
        const names = shuffledOrder(5, rngFromNumber(seed));
        const order = shuffledOrder(a.length, rngFromNumber(seed + 1));
        const renamed = a.map((label) => names[label] ?? 0);
        const shuffled = [renamed, b].map((labels) => Int32Array.from(order, (row) => labels[row] ?? 0));
        const [x, y] = [shuffled[0] ?? a, shuffled[1] ?? b];
        for (const metric of [adjustedRandIndex, normalizedMutualInformation]) {
          expect(metric(y, x)).toBeCloseTo(metric(a, b), 12);
          expect(metric(a, renamed)).toBeCloseTo(1, 12);
        }
      }),
    );
  });
});

describe('populationStability', () => {
  const shares = fc
    .array(fc.tuple(fc.nat({ max: 50 }), fc.nat({ max: 50 })), { minLength: 1, maxLength: 12 })
    .filter((bins) => bins.some(([a]) => a > 0) && bins.some(([, b]) => b > 0))
    .map((bins) => ({ a: Float64Array.from(bins, ([a]) => a), b: Float64Array.from(bins, ([, b]) => b) }));

  it('is symmetric, finite with empty bins, and 0 for the same shares at any size', () => {
    fc.assert(
      fc.property(shares, ({ a, b }) => {
        const index = populationStability(a, b);
        const larger = a.map((count) => 7 * count);
        expect(Number.isFinite(index)).toBe(true);
        expect(index).toBeGreaterThanOrEqual(0);
        expect(populationStability(b, a)).toBeCloseTo(index, 12);
        expect(populationStability(a, larger)).toBeCloseTo(0, 12);
      }),
    );
  });

  it('equals the formula by hand where smoothing hardly matters', () => {
    // (0.6 - 0.5) ln(0.6 / 0.5) + (0.4 - 0.5) ln(0.4 / 0.5)
    expect(populationStability(Float64Array.of(0.5, 0.5), Float64Array.of(0.6, 0.4))).toBeCloseTo(0.0405465, 4);
    expect(populationStability(Float64Array.of(1, 0), Float64Array.of(0, 1))).toBeCloseTo(2 * 0.9998 * Math.log(10001), 2);
  });

  it('bins values so that a cut belongs to the lower bin and missing ones are apart', () => {
    const values = Float64Array.of(-5, 1, 1.5, 2, 9, Number.NaN, Number.POSITIVE_INFINITY, 1);
    expect([...binShares(values, Float64Array.of(1, 2))]).toEqual([3, 2, 2, 1].map((count) => count / 8));
  });

  it('cuts a sample into bins that all have rows, about equally many where values differ', () => {
    const numbers = fc.float64Array({ minLength: 1, maxLength: 80, noNaN: false, noDefaultInfinity: true });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 12 }), (values, bins) => {
        const cuts = quantileCuts(values, bins);
        const known = values.filter((value) => !Number.isNaN(value));
        const filled = binShares(known, cuts).subarray(0, -1);
        if (known.length > 0) expect(Math.min(...filled)).toBeGreaterThan(0);
        if (new Set(known.map((value) => value + 0)).size === known.length && known.length >= bins) {
          expect(Math.max(...filled) - Math.min(...filled)).toBeLessThanOrEqual(1 / known.length + 1e-12);
        }
      }),
    );
  });
});

describe('rates with intervals', () => {
  // Newcombe (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('equals the published interval of %i in %i', (successes, trials, lower, upper) => {
    const interval = wilsonInterval(successes, trials, 1.959964);
    expect(interval.lower).toBeCloseTo(lower, 4);
    expect(interval.upper).toBeCloseTo(upper, 4);
  });

  it('knows nothing without trials', () => {
    expect(wilsonInterval(0, 0, 1.96)).toEqual({ value: 0, lower: 0, upper: 1 });
  });

  it('finds no calibration error where the rates are the predictions, and all of it where they are opposite', () => {
    const probabilities = Float64Array.from({ length: 10 }, (_, row) => (row < 5 ? 0.2 : 1));
    const right = Float64Array.from({ length: 10 }, (_, row) => (row === 0 || row >= 5 ? 1 : 0));
    expect(calibration(probabilities, right, { bins: 5, z: 2 }).expectedError).toBeCloseTo(0, 12);
    const opposite = right.map((hit) => 1 - hit);
    expect(calibration(probabilities, opposite, { bins: 5, z: 2 }).expectedError).toBeCloseTo((0.6 + 1) / 2, 12);
  });
});
