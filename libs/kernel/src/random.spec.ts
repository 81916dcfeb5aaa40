import { mulberry32, rngFromNumber, seededRng, shuffledOrder, xoshiro128, type Rng } from './random';

const take = (n: number, rng: Rng): number[] => Array.from({ length: n }, () => rng());

describe('xoshiro128', () => {
  // Words of a separate C implementation of the published algorithm (xoshiro128** 1.1), compiled and run.
  it.each([
    [
      [1, 2, 3, 4],
      [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804],
    ],
    [
      [0xdeadbeef, 0xcafef00d, 0x12345678, 0x9abcdef0],
      [1746479315, 262769040, 3107699792, 1634183852, 2907023663, 3758016222],
    ],
  ])('gives the words of the reference program for seed %j', (seed, words) => {
    expect(take(words.length, xoshiro128(seed))).toEqual(words);
  });

  it('replaces a zero seed, from which it could not move', () => {
    expect(take(3, xoshiro128([0, 0, 0, 0]))).toEqual([11520, 0, 5927040]);
  });

  it('copies its seed', () => {
    const seed = Uint32Array.of(1, 2, 3, 4);
    const next = xoshiro128(seed);
    seed.fill(9);
    expect(next()).toBe(11520);
  });
});

/** Published in docs/random.md; from a C program of the same definition. */
describe('seededRng', () => {
  it.each([
    [
      [1, 2, 3, 4],
      [2.6822090148925781e-6, 0.0013799966610139602, 0.47304711029826541, 0.29970869324795935],
    ],
    [
      [0xdeadbeef, 0xcafef00d, 0x12345678, 0x9abcdef0],
      [0.40663389907166869, 0.72356774196392348, 0.67684419359997905, 0.0093150550844113278],
    ],
  ])('gives the published numbers for seed %j', (seed, numbers) => {
    expect(take(numbers.length, seededRng(seed))).toEqual(numbers);
    expect(take(numbers.length, seededRng(Uint32Array.from(seed)))).toEqual(numbers);
  });
});

describe('rngFromNumber', () => {
  it.each([
    [0, [0.8868539502021594, 0.012474988946590604, 0.032522145755498943]],
    [1, [0.56860599483496577, 0.88939393676832657, 0.47058241801983591]],
    [42, [0.66061572080016207, 0.11170196395322241, 0.079105645614491404]],
    [4294967295, [0.19461841469507213, 0.54859672813912874, 0.2282790634437124]],
  ])('gives the published numbers for %d', (seed, numbers) => {
    expect(take(numbers.length, rngFromNumber(seed))).toEqual(numbers);
  });

  it('reads a seed modulo 2^32', () => {
    expect(take(2, rngFromNumber(-1))).toEqual(take(2, rngFromNumber(4294967295)));
  });

  // Chi-squared, 255 degrees of freedom: above 377.1 with probability 1e-6 per seed, so 2e-5 for the test.
  it('spreads evenly over 256 bins for 20 seeds', () => {
    for (let seed = 0; seed < 20; seed++) {
      const rng = rngFromNumber(seed);
      const counts = new Float64Array(256);
      const draws = 51_200;
      for (let i = 0; i < draws; i++) {
        const bin = Math.floor(rng() * 256);
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
      const expected = draws / 256;
      expect(counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(377.1);
    }
  });
});

describe('mulberry32', () => {
  // A C program with the same 32-bit steps.
  it.each([
    [1, [0.62707394058816135, 0.0027357211802154779, 0.52744703995995224, 0.98105096747167408]],
    [42, [0.60110375192016363, 0.44829055899754167, 0.85246579349040985, 0.66973404143936932]],
  ])('gives the reference numbers for %d', (seed, numbers) => {
    expect(take(numbers.length, mulberry32(seed))).toEqual(numbers);
  });
});

describe('shuffledOrder', () => {
  it('is a permutation, the same for the same stream', () => {
    const order = shuffledOrder(100, rngFromNumber(5));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(shuffledOrder(100, rngFromNumber(5))).toEqual(order);
  });

  it('takes j = floor(u (i + 1)) from the end down', () => {
    expect([...shuffledOrder(4, () => 0)]).toEqual([1, 2, 3, 0]);
    expect([...shuffledOrder(4, () => 0.999)]).toEqual([0, 1, 2, 3]);
  });

  it.each([0, 1])('takes nothing from the stream for %d items', (n) => {
    const rng = jest.fn(() => 0.5);
    expect(shuffledOrder(n, rng)).toHaveLength(n);
    expect(rng).not.toHaveBeenCalled();
  });
});
