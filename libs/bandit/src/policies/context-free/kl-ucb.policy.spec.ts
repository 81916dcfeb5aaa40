import { bernoulliKl } from '../../numeric/bernoulli-kl';
import { aContextFreePolicy, sharesOf } from './context-free.fixture';

const policy = aContextFreePolicy('kl-ucb');

/** Trials of a second banner with mean 0 at which its bound 1 - e^(-budget / n) equals `bound`. */
const evenTrials = (bound: number, budget: number): number => -budget / Math.log1p(-bound);

it('shows untried banners first, which share', () => {
  expect(sharesOf(policy, [[100, 100], null, [1, 1], null])).toEqual([0, 0.5, 0, 0.5]);
});

it.each([
  [0, (t: number) => Math.log(t)],
  [3, (t: number) => Math.log(t) + 3 * Math.log(Math.log(t))],
])('with c = %d ranks by the rate at which n kl(mean, q) = ln t + c ln ln t', (c, budgetAt) => {
  // The first banner has mean 0.1 and a bound of exactly 0.2 after n trials: n kl(0.1, 0.2) = budget(t). Trials need not be whole here.
  const t = 2000;
  const budget = budgetAt(t);
  const n = budget / bernoulliKl(0.1, 0.2);
  const even = evenTrials(0.2, budget);
  const rest = t - n;
  const withTrialsOfZero = (trials: number): number[] =>
    sharesOf(aContextFreePolicy('kl-ucb', { c }), [
      [n, 0.1 * n],
      [trials, 0],
      [rest - trials, 0],
    ]);
  expect(withTrialsOfZero(even * (1 - 1e-9))).toEqual([0, 1, 0]);
  expect(withTrialsOfZero(even * (1 + 1e-9))).toEqual([1, 0, 0]);
});

it('takes means outside of [0, 1] at the nearer end', () => {
  expect(
    sharesOf(policy, [
      [10, 25],
      [10, 10],
    ]),
  ).toEqual([0.5, 0.5]);
  expect(
    sharesOf(policy, [
      [10, -1e-12],
      [10, 0],
    ]),
  ).toEqual([0.5, 0.5]);
});

it('has no budget for a single trial', () => {
  expect(sharesOf(policy, [[1, 0]])).toEqual([1]);
});
