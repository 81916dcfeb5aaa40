import { sigmoid, sigmoidSlope } from './sigmoid';

describe('sigmoid', () => {
  it('is the logistic function and mirrors itself', () => {
    expect(sigmoid(0)).toBe(0.5);
    expect(sigmoid(Math.log(3))).toBeCloseTo(0.75, 15);
    expect(sigmoid(-Math.log(3))).toBeCloseTo(0.25, 15);
    expect(sigmoid(-40)).toBeCloseTo(4.248354255291589e-18, 30);
  });

  it('ends at 0 and 1, with a slope that ends at 0', () => {
    expect([sigmoid(-1e4), sigmoid(1e4), sigmoidSlope(-1e4), sigmoidSlope(1e4)]).toEqual([0, 1, 0, 0]);
  });

  it('has the slope p (1 - p), also where p rounds to 1', () => {
    expect(sigmoidSlope(0)).toBe(0.25);
    expect(sigmoidSlope(Math.log(3))).toBeCloseTo(0.1875, 15);
    expect(sigmoidSlope(40) / Math.exp(-40)).toBeCloseTo(1, 12);
  });
});
