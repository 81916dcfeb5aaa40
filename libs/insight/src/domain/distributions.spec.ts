import { centralT, centralZ, chiSquaredTail, incompleteBeta, logGamma } from './distributions';

/** Reference values: R 4 (`qt`, `qnorm`, `pchisq`, `lgamma`, `pbeta`), or closed forms where one exists. */
describe('distributions', () => {
  it.each([
    [0.5, 0.5723649429247001],
    [1, 0],
    [10, 12.801827480081469],
    [100, 359.1342053695754],
  ])('takes the logarithm of gamma(%d)', (x, expected) => {
    expect(logGamma(x)).toBeCloseTo(expected, 11);
  });

  it.each([
    [1, 12.706204736432095],
    [2, 4.302652729911275],
    [5, 2.570581835636314],
    [10, 2.228138851964939],
    [30, 2.042272456301238],
    [100, 1.983971518523552],
  ])('finds the central 95 %% of t with %d degrees of freedom', (df, expected) => {
    expect(centralT(0.95, df)).toBeCloseTo(expected, 9);
  });

  it('finds the central 95 % and 99 % of the normal distribution', () => {
    expect(centralZ(0.95)).toBeCloseTo(1.959963984540054, 11);
    expect(centralZ(0.99)).toBeCloseTo(2.575829303548901, 11);
  });

  it('meets the normal distribution when degrees of freedom are many', () => {
    expect(centralT(0.95, 5e7)).toBeCloseTo(centralZ(0.95), 6);
  });

  it.each([
    [3.841458820694124, 1, 0.05],
    [10.827566170662733, 1, 0.001],
    [18.307038053275146, 10, 0.05],
    [0, 3, 1],
  ])('gives the tail of chi-squared beyond %d with %d degrees of freedom', (x, df, expected) => {
    expect(chiSquaredTail(x, df)).toBeCloseTo(expected, 12);
  });

  it.each([0.01, 0.5, 2, 10, 60])('equals exp(-x / 2) for two degrees of freedom at %d', (x) => {
    expect(chiSquaredTail(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 11);
  });

  it.each([
    [0.3, 1, 1, 0.3],
    [0.25, 2, 1, 0.0625],
    [0.25, 1, 3, 1 - 0.75 ** 3],
    [0.5, 7.5, 7.5, 0.5],
  ])('gives the incomplete beta function at %d for (%d, %d)', (x, a, b, expected) => {
    expect(incompleteBeta(x, a, b)).toBeCloseTo(expected, 12);
  });
});
