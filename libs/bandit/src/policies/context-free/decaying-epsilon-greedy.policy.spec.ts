import { aContextFreePolicy, sharesOf } from './context-free.fixture';

// scale 0.1, gap 0.1, K = 2: epsilon_t = 20 / t.
const policy = aContextFreePolicy('decaying-epsilon-greedy', { scale: 0.1, gap: 0.1 });

it('explores with c K / (d^2 t) after t trials of the eligible banners', () => {
  const [better, worse] = sharesOf(policy, [
    [60, 6],
    [40, 1],
  ]);
  expect(better).toBeCloseTo(1 - 0.1, 14); // epsilon = 20 / 100
  expect(worse).toBeCloseTo(0.1, 14);
});

it('only explores until t exceeds c K / d^2', () => {
  expect(sharesOf(policy, [[19, 6], null])).toEqual([0.5, 0.5]);
  expect(sharesOf(policy, [[40, 6], null])).toEqual([expect.closeTo(0.75, 14), expect.closeTo(0.25, 14)]);
});

it('owes each further banner its exploration', () => {
  const [best, second, third, fourth] = sharesOf(policy, [[80, 8], [20, 1], null, null]);
  expect([second, third, fourth]).toEqual([0.1, 0.1, 0.1].map((p) => expect.closeTo(p, 14))); // epsilon = 40 / 100
  expect(best).toBeCloseTo(0.7, 14);
});

it('is greedy with scale 0 as soon as anything was tried', () => {
  const greedy = aContextFreePolicy('decaying-epsilon-greedy', { scale: 0 });
  expect(sharesOf(greedy, [[1, 1], null])).toEqual([1, 0]);
});
