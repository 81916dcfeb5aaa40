import { brierScore, logLoss } from './probability-loss';

describe('losses of probabilities', () => {
  it('make a sure mistake dear and not infinite', () => {
    expect(logLoss(Float64Array.of(0, 1), Float64Array.of(1, 1))).toBeCloseTo(-Math.log(Number.EPSILON) / 2, 9);
    expect(logLoss(Float64Array.of(1), Float64Array.of(0))).toBeCloseTo(-Math.log(Number.EPSILON), 9);
    expect(brierScore(Float64Array.of(0, 1), Float64Array.of(1, 1))).toBe(0.5);
  });
});
