import { aContextFreePolicy, sharesOf } from './context-free.fixture';

it('makes a banner e times as likely per temperature of mean reward', () => {
  const [low, high] = sharesOf(aContextFreePolicy('softmax', { temperature: 0.1 }), [
    [10, 2],
    [10, 3],
  ]);
  expect((high ?? 0) / (low ?? 1)).toBeCloseTo(Math.E, 12);
});

it('cools with the logarithm of the trials of all eligible banners', () => {
  const cooling = aContextFreePolicy('softmax', { temperature: 0.1, cooling: 'inverse-log' });
  const [low, high] = sharesOf(cooling, [
    [10, 2],
    [90, 27],
  ]);
  expect(Math.log((high ?? 0) / (low ?? 1))).toBeCloseTo(Math.log(100), 12);
  const [one, other] = sharesOf(cooling, [[2, 0.2], null]); // ln 2 < 1: not warmer than at the start
  expect(Math.log((one ?? 0) / (other ?? 1))).toBeCloseTo(1, 12);
});

it('survives means whose exponentials do not exist', () => {
  const policy = aContextFreePolicy('softmax', { temperature: 1e-6 });
  expect(sharesOf(policy, [[1, 1e300], [1, 1e300], [1, -1e300], null])).toEqual([0.5, 0.5, 0, 0]);
  expect(
    sharesOf(policy, [
      [1, -1e305],
      [1, -1e306],
    ]),
  ).toEqual([0.5, 0.5]); // both scores overflow
});

it('reads an untried banner at its prior', () => {
  const [tried, untried] = sharesOf(aContextFreePolicy('softmax', { temperature: 0.1, priorMean: 0.5, priorTrials: 10 }), [[10, 0], null]);
  expect(Math.log((untried ?? 0) / (tried ?? 1))).toBeCloseTo((0.5 - 0.25) / 0.1, 12);
});
