import { rngFromNumber, type Rng } from '@vitrine/kernel';
import { aReward, aTrial, foldAll } from '../fixtures';
import { followEntry, regressionSums } from '../policies/contextual/linear-posterior';
import { linearFamily } from '../statistics/linear.family';
import type { Observation } from '../statistics/statistics-family';
import { RidgeArena } from './ridge-arena';
import { RidgeRegression } from './ridge-regression';

const D = 7;
const WORK = new Float64Array(D * D);

/** Contexts of which a third is zero, rewards of any size, a quarter of them corrected later. */
function someEntries(count: number, rng: Rng): readonly Observation[] {
  return Array.from({ length: count }).flatMap(() => {
    const context = Float64Array.from({ length: D }, () => (rng() < 0.33 ? 0 : 2 * rng() - 1));
    const reward = 3 * rng() - 1;
    const trial = aTrial({ context, reward });
    return rng() < 0.25 ? [trial, aReward({ context, reward: rng() - 0.5, before: reward })] : [trial];
  });
}

function refitted(entries: readonly Observation[], ridge: number): RidgeRegression {
  const regression = new RidgeRegression(D, ridge);
  regression.refit(regressionSums(foldAll(linearFamily(D), entries), D), WORK);
  return regression;
}

const farthest = (a: Float64Array, b: Float64Array): number => Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN))));

function quadratic(triangle: Float64Array, x: Float64Array): number {
  let sum = 0;
  let at = 0;
  for (let i = 0; i < D; i++) for (let j = i; j < D; j++) sum += (i === j ? 1 : 2) * (triangle[at++] ?? 0) * (x[i] ?? 0) * (x[j] ?? 0);
  return sum;
}

describe('RidgeRegression', () => {
  it.each([0.1, 1, 10])('follows entries to what a refit of the sums gives, ridge %d', (ridge) => {
    const entries = someEntries(900, rngFromNumber(3));
    const followed = new RidgeRegression(D, ridge);
    for (const entry of entries) followEntry(followed, entry);
    const anew = refitted(entries, ridge);
    expect(farthest(followed.weights, anew.weights)).toBeLessThan(1e-11);
    expect(farthest(followed.inverse, anew.inverse)).toBeLessThan(1e-11);
    expect(followed.logDeterminant).toBeCloseTo(anew.logDeterminant, 9);
    expect(followed.residual / anew.residual).toBeCloseTo(1, 10);
  });

  it('follows the same in the memory of the kernel, read whenever, with corrections between', () => {
    const entries = someEntries(900, rngFromNumber(3));
    const plain = new RidgeRegression(D, 2);
    const fast = new RidgeRegression(D, 2);
    fast.moveInto(new RidgeArena(D));
    const rng = rngFromNumber(8);
    entries.forEach((entry, t) => {
      followEntry(plain, entry);
      followEntry(fast, entry);
      if (rng() < 0.9) return; // most changes of the inverse are made four at a time
      const x = Float64Array.from({ length: D }, (_, i) => (i === t % D ? 0 : rng()));
      const naive = quadratic(plain.inverse, x);
      expect(fast.fastVariance(x, t + 1)).toBeCloseTo(naive, 12);
      if (rng() < 0.5) expect(farthest(fast.inverse, plain.inverse)).toBeLessThan(1e-12);
    });
    expect(farthest(fast.weights, plain.weights)).toBeLessThan(1e-11);
    expect(farthest(fast.inverse, plain.inverse)).toBeLessThan(1e-12);
    expect(fast.residual / plain.residual).toBeCloseTo(1, 11);
    expect(plain.fastVariance(new Float64Array(D), 1)).toBeNull();
  });

  it('sums, in its residual, the squared errors of predicting each trial from those before it', () => {
    const trials = someEntries(60, rngFromNumber(9)).filter(({ kind }) => kind === 'TRIAL');
    let residual = 0;
    let determinant = 0;
    trials.forEach(({ context, reward }, t) => {
      const before = refitted(trials.slice(0, t), 2);
      const error = reward - before.mean(context);
      let variance = 0;
      let at = 0;
      for (let i = 0; i < D; i++)
        for (let j = i; j < D; j++) variance += (i === j ? 1 : 2) * (before.inverse[at++] ?? 0) * (context[i] ?? 0) * (context[j] ?? 0);
      residual += (error * error) / (1 + variance);
      determinant += Math.log(1 + variance);
    });
    const all = refitted(trials, 2);
    expect(all.residual).toBeCloseTo(residual, 10);
    expect(all.logDeterminant).toBeCloseTo(determinant, 10);
  });

  it('starts from the prior: no weights, inverse I / ridge', () => {
    const prior = new RidgeRegression(2, 4);
    expect([...prior.inverse]).toEqual([0.25, 0, 0.25]);
    expect([...prior.weights, prior.residual, prior.logDeterminant]).toEqual([0, 0, 0, 0]);
  });

  it('refuses sums of another dimension', () => {
    const sums = regressionSums(new Float64Array(linearFamily(3).length), 3);
    expect(() => new RidgeRegression(2, 1).refit(sums, new Float64Array(4))).toThrow('dimension of the regression');
  });
});
