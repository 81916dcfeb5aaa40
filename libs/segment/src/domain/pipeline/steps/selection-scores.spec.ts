import { anovaScore, mutualInformationScore, varianceScore } from './selection-scores';

const GAP = Number.NaN;

describe('the variance of a column', () => {
  it('is that of what is there, and nothing for rounding noise', () => {
    expect(varianceScore(Float64Array.of(1, GAP, 3))).toBe(1);
    expect(varianceScore(Float64Array.of(0.1 + 0.2, 0.3, 0.3))).toBe(0);
    expect(varianceScore(Float64Array.of(GAP))).toBe(0);
  });
});

describe('the F of a column', () => {
  const target = Float64Array.of(0, 0, 1, 1, 1);

  it('compares the spread between the classes with that within, where the value is there', () => {
    // Means 1.5 and 5 around 3.25 (between 6.125 + 6.125), within 0.5 + 2, two degrees of freedom left.
    expect(anovaScore(Float64Array.of(1, 2, 4, 6, GAP), target)).toBeCloseTo(12.25 / (2.5 / 2), 12);
  });

  it('is 0 where nothing varies or one class is left, and the largest number where a column tells the classes apart', () => {
    expect(anovaScore(Float64Array.of(7, 7, 7, 7, 7), target)).toBe(0);
    expect(anovaScore(Float64Array.of(1, 2, GAP, GAP, GAP), target)).toBe(0);
    expect(anovaScore(Float64Array.of(1, 1, 2, 2, 2), target)).toBe(Number.MAX_VALUE);
  });
});

describe('the mutual information of a column', () => {
  const target = Float64Array.of(0, 0, 1, 1);

  it('is the entropy of the target where the column gives it away, and 0 where it says nothing', () => {
    expect(mutualInformationScore(Float64Array.of(1, 2, 8, 9), target, 2)).toBeCloseTo(Math.log(2), 12);
    expect(mutualInformationScore(Float64Array.of(1, 9, 1, 9), target, 2)).toBe(0);
    expect(mutualInformationScore(Float64Array.of(5, 5, 5, 5), target, 4)).toBe(0);
  });

  it('counts being missing as something that a column says', () => {
    expect(mutualInformationScore(Float64Array.of(3, 3, GAP, GAP), target, 2)).toBeCloseTo(Math.log(2), 12);
    expect(mutualInformationScore(Float64Array.of(GAP, GAP, GAP, GAP), target, 2)).toBe(0);
  });
});
