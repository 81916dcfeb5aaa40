import { aContextFreePolicy, sharesOf } from './context-free.fixture';

const policy = aContextFreePolicy('ucb1');

it('shows untried banners first, which share', () => {
  expect(sharesOf(policy, [[100, 100], null, [1, 1], null])).toEqual([0, 0.5, 0, 0.5]);
  expect(sharesOf(policy, [[1, 1], null])).toEqual([0, 1]); // ln 1 = 0: there is no bound to divide
});

it('takes the highest mean plus sqrt(2 ln t / n)', () => {
  // t = 110, 2 ln t = 9.401: 0.5 + sqrt(9.401 / 100) = 0.8066 against mean + sqrt(9.401 / 10) = mean + 0.9696.
  const bound = Math.sqrt((2 * Math.log(110)) / 100) + 0.5 - Math.sqrt((2 * Math.log(110)) / 10);
  expect(bound).toBeCloseTo(-0.163, 3);
  expect(
    sharesOf(policy, [
      [100, 50],
      [10, 10 * (bound + 1e-6)],
    ]),
  ).toEqual([0, 1]);
  expect(
    sharesOf(policy, [
      [100, 50],
      [10, 10 * (bound - 1e-6)],
    ]),
  ).toEqual([1, 0]);
});

it('is greedy with alpha 0, and explores by alpha', () => {
  const means = [
    [100, 50],
    [10, 4],
  ] as const;
  expect(sharesOf(aContextFreePolicy('ucb1', { alpha: 0 }), means)).toEqual([1, 0]);
  expect(sharesOf(aContextFreePolicy('ucb1', { alpha: 0.1 }), means)).toEqual([1, 0]); // 0.531 against 0.497
  expect(sharesOf(policy, means)).toEqual([0, 1]);
});

it('counts the crumbs that un-folding leaves as untried', () => {
  expect(
    sharesOf(policy, [
      [-1e-16, 1e-17],
      [5, 5],
    ]),
  ).toEqual([1, 0]);
});

it('gives a lone banner everything', () => {
  expect(sharesOf(policy, [[1, 0]])).toEqual([1]);
});
