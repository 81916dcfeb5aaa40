import { rngFromNumber } from '@vitrine/kernel';
import fc from 'fast-check';
import { anArm } from '../../fixtures';
import type { Policy } from '../../policy';
import { aContext, addOuter, built, derivedAndFollowed, dotOf, learned, ridge, shares, solve, someEntries } from './naive.fixture';
import { inverseGapWeighting } from './square-cb.policy';

const D = 4;

function weigh(estimates: readonly number[], gamma: number): number[] {
  const out = new Float64Array(estimates.length);
  inverseGapWeighting(Float64Array.from(estimates), gamma, out);
  return [...out];
}

describe('inverse gap weighting', () => {
  it('gives 1 / (K + gamma gap) below the best, and the best the rest', () => {
    // Gaps 0.5, 0, 0.25 at gamma 8: 1 / (3 + 4), rest, 1 / (3 + 2).
    const p = weigh([0.25, 0.75, 0.5], 8);
    expect(p[0]).toBeCloseTo(1 / 7, 15);
    expect(p[2]).toBeCloseTo(1 / 5, 15);
    expect(p[1]).toBeCloseTo(1 - 1 / 7 - 1 / 5, 15);
  });

  it('is even at gamma 0, and greedy as gamma grows', () => {
    expect(weigh([0.1, 0.9, 0.5, 0.2], 0)).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(weigh([0.1, 0.9, 0.5], 1e12)[1]).toBeCloseTo(1, 11);
  });

  it('shares the rest among equals at the top', () => {
    expect(weigh([0.5, 0.5, 0], 4)).toEqual([0.4, 0.4, 0.2]);
    expect(weigh([0.3, 0.3], 1e9)).toEqual([0.5, 0.5]);
  });

  it('sums to 1, never gives the best less than an even share, and keeps every banner above 1 / (K + gamma gap) for the largest gap', () => {
    const estimate = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(estimate, { minLength: 1, maxLength: 30 }), fc.double({ min: 0, max: 1e9, noNaN: true }), (estimates, gamma) => {
        const p = weigh(estimates, gamma);
        const widest = Math.max(...estimates) - Math.min(...estimates);
        expect(Math.abs(p.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThan(1e-12);
        expect(Math.max(...p)).toBeGreaterThanOrEqual(1 / estimates.length - 1e-12);
        expect(Math.min(...p)).toBeGreaterThanOrEqual((1 - 1e-12) / (estimates.length + gamma * widest));
      }),
    );
  });

  it('survives gaps beyond all measure', () => {
    expect(weigh([1e308, -1e308, 0], 1e9)).toEqual([1, 0, expect.closeTo(0, 12)]);
  });
});

/** Ridge regression by elimination, from the entries as they are. */
function naiveEstimates(arms: readonly ReturnType<typeof someEntries>[], x: readonly number[], lambda: number): number[] {
  return arms.map((entries) => {
    const matrix = ridge(D, lambda);
    const sums = Array.from({ length: D }, () => 0);
    for (const { kind, context, reward } of entries) {
      if (kind === 'TRIAL') addOuter(matrix, [...context]);
      context.forEach((value, i) => (sums[i] = (sums[i] ?? 0) + reward * value));
    }
    return dotOf(solve(matrix, sums), x);
  });
}

function trialsOf(arms: readonly ReturnType<typeof someEntries>[]): number {
  return arms.flat().filter(({ kind }) => kind === 'TRIAL').length;
}

const armsOf = (policy: Policy, arms: readonly ReturnType<typeof someEntries>[]): unknown[] =>
  arms.map((entries, i) => policy.derive(anArm(`b${i}`), entries.length === 0 ? null : learned(policy, entries)));

describe('square-cb', () => {
  const arms = [someEntries(20, D, 1), someEntries(35, D, 2), [], someEntries(5, D, 3)];
  const rng = rngFromNumber(9);

  it.each([
    [10, 0.5, 1],
    [3, 0.25, 0.1],
    [100, 0, 7],
  ])('weighs the gaps of ridge regressions at gamma %d t^%d, lambda %d', (gammaScale, gammaExponent, lambda) => {
    const policy = built('square-cb', { gammaScale, gammaExponent, lambda }, D);
    for (let round = 0; round < 20; round++) {
      const x = aContext(D, rng);
      const estimates = naiveEstimates(arms, x, lambda);
      const gamma = gammaScale * trialsOf(arms) ** gammaExponent;
      const best = estimates.indexOf(Math.max(...estimates));
      const expected = estimates.map((estimate) => 1 / (arms.length + gamma * ((estimates[best] ?? 0) - estimate)));
      expected[best] = 1 - expected.reduce((sum, p, i) => (i === best ? sum : sum + p), 0);
      shares(policy, armsOf(policy, arms), x).forEach((p, i) => expect(Math.abs(p - (expected[i] ?? 0))).toBeLessThan(1e-9));
    }
  });

  it('counts the trials of the eligible banners only', () => {
    const policy = built('square-cb', {}, D);
    const x = aContext(D, rng);
    const [first, second] = [arms[0] ?? [], arms[1] ?? []];
    const estimates = naiveEstimates([first, second], x, 1);
    const gap = Math.abs((estimates[0] ?? 0) - (estimates[1] ?? 0));
    const p = shares(policy, armsOf(policy, [first, second]), x);
    expect(Math.min(...p)).toBeCloseTo(1 / (2 + 10 * Math.sqrt(55) * gap), 9);
  });

  it('follows entries to where deriving ends, with either oracle', () => {
    for (const oracle of ['linear', 'logistic']) {
      const policy = built('square-cb', { oracle }, D);
      const rivals = armsOf(policy, arms);
      const { derived, followed } = derivedAndFollowed(policy, someEntries(60, D, 4));
      const x = aContext(D, rng);
      shares(policy, [followed, ...rivals], x).forEach((p, i) =>
        expect(Math.abs(p - (shares(policy, [derived, ...rivals], x)[i] ?? 0))).toBeLessThan(1e-9),
      );
    }
  });

  it('compares probabilities with the logistic oracle: an untried banner stands at one half', () => {
    const policy = built('square-cb', { oracle: 'logistic', gammaScale: 4, gammaExponent: 0 }, 1);
    // Layout: trials, rewardSum, w, P. Odds of e^w.
    const certain = policy.derive(anArm('a'), Float64Array.of(10, 9, Math.log(9), 2));
    const p = shares(policy, [certain, policy.derive(anArm('b'), null)], [1]);
    expect(p[1]).toBeCloseTo(1 / (2 + 4 * (0.9 - 0.5)), 12);
  });

  it('survives trials that un-folding left a little below zero, and refuses foreign models and contexts', () => {
    const policy = built('square-cb', {}, 1);
    const leftover = policy.derive(anArm('a'), Float64Array.of(-1e-12, 0.5, 0, 0.5, -1e-12)); // its estimate is not 0
    expect(shares(policy, [leftover, policy.derive(anArm('b'), null)], [1])).toEqual([0.5, 0.5]);
    expect(() => shares(policy, [null], [1])).toThrow('own models');
    expect(() => shares(policy, [policy.derive(anArm('b'), null)], [1, 2])).toThrow('dimension of the policy');
  });
});
