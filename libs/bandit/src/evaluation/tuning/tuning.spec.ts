import { clippedIps } from '../estimators/clipped-ips';
import { switchDr } from '../estimators/switch-dr';
import { loggedRounds, type LoggedRounds } from '../rounds/logged-rounds';
import { tuneByEstimatedMse } from './estimated-mse';
import { tuneBySlope } from './slope';

/** `n` rounds with weight `heavy` every tenth and 0.5 else, where rewards are alternately 0 and 1. */
function logWith(n: number, heavy: number, rewardOfHeavy: (i: number) => number = () => 1): LoggedRounds {
  const isHeavy = (i: number): boolean => i % 10 === 0;
  return loggedRounds({
    name: 'tuned',
    actions: 2,
    positions: 1,
    action: new Int32Array(n),
    position: new Int32Array(n),
    reward: Float64Array.from({ length: n }, (_, i) => (isHeavy(i) ? rewardOfHeavy(i) : i % 2)),
    propensity: Float64Array.from({ length: n }, (_, i) => (isHeavy(i) ? 0.5 / heavy : 1)),
    evaluationOfLogged: new Float64Array(n).fill(0.5),
    evaluation: { kind: 'table', probabilities: Float64Array.of(0.5, 0.5) },
    qHat: new Float64Array(2 * n),
  });
}

const DELTA = 0.1;

describe('SLOPE', () => {
  it('clips hard when the values agree within their noise, and stays unclipped when clipping moves the value too far', () => {
    const candidates = [1, 5, 10, 100];
    expect(
      tuneBySlope(
        clippedIps,
        logWith(40, 10, () => 0.1),
        { candidates, delta: DELTA },
      ).parameter,
    ).toBe(1);
    expect(tuneBySlope(clippedIps, logWith(20_000, 10), { candidates, delta: DELTA }).parameter).toBe(100);
  });

  it('keeps the largest of candidates that change nothing, in whatever order they come', () => {
    for (const candidates of [
      [100, 10, 50],
      [50, 10, 100],
    ])
      expect(tuneBySlope(clippedIps, logWith(20_000, 10), { candidates, delta: DELTA })).toEqual({
        parameter: 100,
        value: expect.closeTo(0.1 * 10 + 0.5 * 0.5, 12),
      });
  });

  it('stops at the first candidate it refuses, even if a later one would fit', () => {
    // Wide: t = 10. Switching off the heavy weights (t = 1) moves the value far; t = 0.1 switches everything off and has no width at all.
    const log = logWith(20_000, 10);
    expect(tuneBySlope(switchDr, log, { candidates: [0.1, 1, 10], delta: DELTA }).parameter).toBe(10);
  });
});

describe('the estimated mean squared error', () => {
  it('buys bias where it is cheaper than variance', () => {
    const candidates = [2, 50, 200];
    expect(
      tuneByEstimatedMse(
        clippedIps,
        logWith(200, 100, (i) => (i % 20 === 0 ? 1 : -1)),
        { candidates, delta: DELTA },
      ).parameter,
    ).toBe(2);
    expect(tuneByEstimatedMse(clippedIps, logWith(20_000, 100), { candidates, delta: DELTA }).parameter).toBe(200);
  });

  it('takes the largest of exactly equal candidates, in whatever order they come', () => {
    for (const candidates of [
      [100, 10, 50],
      [50, 10, 100],
    ])
      expect(tuneByEstimatedMse(clippedIps, logWith(200, 10), { candidates, delta: DELTA }).parameter).toBe(100);
  });
});
