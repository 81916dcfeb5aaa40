import { poissonOne } from './poisson-one';

const DRAWS = 200_000;
/** P(X = k) of a Poisson variate of mean 1, k = 0..5, and of more. */
const MASSES = [1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120].map((share) => share / Math.E);
const CELLS = [...MASSES, 1 - MASSES.reduce((sum, mass) => sum + mass, 0)];

function chiSquared(draw: (i: number) => number): number {
  const counts = CELLS.map(() => 0);
  for (let i = 0; i < DRAWS; i++) {
    const k = Math.min(draw(i), CELLS.length - 1);
    counts[k] = (counts[k] ?? 0) + 1;
  }
  return counts.reduce((sum, count, k) => sum + (count - DRAWS * (CELLS[k] ?? 0)) ** 2 / (DRAWS * (CELLS[k] ?? 1)), 0);
}

describe('poissonOne', () => {
  // Chi-squared with 6 degrees of freedom exceeds 38.3 with probability 1e-6.
  it.each([0, 1, 7])('is Poisson of mean 1 over successive keys in stream %d', (stream) => {
    expect(chiSquared((i) => poissonOne(i, stream))).toBeLessThan(38.3);
  });

  it('is Poisson of mean 1 over the streams of one key', () => {
    expect(chiSquared((i) => poissonOne(12345, i))).toBeLessThan(38.3);
  });

  it('is independent between streams: the product of two has mean 1', () => {
    let sum = 0;
    for (let key = 0; key < DRAWS; key++) sum += poissonOne(key, 0) * poissonOne(key, 1);
    expect(Math.abs(sum / DRAWS - 1)).toBeLessThan(5 * Math.sqrt(3 / DRAWS)); // variance of the product: 2 * 2 - 1
  });

  it('depends on nothing but its arguments, and takes keys above 2^31 as they are', () => {
    expect(poissonOne(4_000_000_000, 3)).toBe(poissonOne(4_000_000_000, 3));
    expect(poissonOne(4_000_000_000, 3)).toBe(poissonOne(4_000_000_000 | 0, 3));
  });
});
