import { rngFromNumber } from '@vitrine/kernel';
import { ldlBackward, ldlFactorise, ldlForward, ldlOfRidge, ldlUpdate } from './ldl';

const D = 6;
const LENGTH = (D * (D + 1)) / 2;

/** L D L^T, as a full matrix. */
function product(numbers: Float64Array, at = 0): number[][] {
  const lower = Array.from({ length: D }, () => new Array<number>(D).fill(0));
  const pivots: number[] = [];
  let place = at;
  for (let k = 0; k < D; k++) {
    pivots.push(numbers[place++] ?? Number.NaN);
    (lower[k] ?? [])[k] = 1;
    for (let i = k + 1; i < D; i++) (lower[i] ?? [])[k] = numbers[place++] ?? Number.NaN;
  }
  return lower.map((a) => lower.map((b) => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0) * (pivots[k] ?? 0), 0)));
}

const times = (matrix: readonly (readonly number[])[], x: ArrayLike<number>): number[] =>
  matrix.map((row) => row.reduce((sum, value, j) => sum + value * (x[j] ?? 0), 0));

function someVectors(count: number, seed: number): Float64Array[] {
  const rng = rngFromNumber(seed);
  return Array.from({ length: count }, () => Float64Array.from({ length: D }, () => (rng() < 0.3 ? 0 : 4 * rng() - 2)));
}

/** sum weight x x^T + ridge I, as a full matrix. */
function sumOf(terms: readonly { readonly x: Float64Array; readonly weight: number }[], ridge: number): number[][] {
  return Array.from({ length: D }, (_, i) =>
    Array.from({ length: D }, (_, j) =>
      terms.reduce((sum, { x, weight }) => sum + weight * (x[i] ?? 0) * (x[j] ?? 0), i === j ? ridge : 0),
    ),
  );
}

function expectClose(actual: readonly (readonly number[])[], expected: readonly (readonly number[])[], tolerance = 1e-12): void {
  actual.forEach((row, i) => row.forEach((value, j) => expect(Math.abs(value - (expected[i]?.[j] ?? Number.NaN))).toBeLessThan(tolerance)));
}

describe('the factor L D L^T', () => {
  const terms = someVectors(15, 3).map((x, i) => ({ x, weight: 0.1 + (i % 4) }));

  it('of a sum is the same by factorising and by updating, within a larger array', () => {
    const triangle = new Float64Array(LENGTH);
    let at = 0;
    sumOf(terms, 0).forEach((row, i) => row.slice(i).forEach((value) => (triangle[at++] = value)));
    ldlFactorise(triangle, D, 0.7);
    expectClose(product(triangle), sumOf(terms, 0.7), 1e-11);

    const numbers = new Float64Array(LENGTH + 5).fill(-1);
    ldlOfRidge({ numbers, at: 3 }, D, 0.7);
    for (const { x, weight } of terms) ldlUpdate({ numbers, at: 3 }, weight, x.slice());
    expectClose(product(numbers, 3), sumOf(terms, 0.7), 1e-11);
    expect([...numbers.subarray(0, 3), ...numbers.subarray(3 + LENGTH)]).toEqual([-1, -1, -1, -1, -1]);
  });

  it('solves by going forward and backward, and forward gives the quadratic form', () => {
    const numbers = new Float64Array(LENGTH);
    ldlOfRidge({ numbers, at: 0 }, D, 0.2);
    for (const { x, weight } of terms) ldlUpdate({ numbers, at: 0 }, weight, x.slice());
    const [b = new Float64Array(D)] = someVectors(1, 8);
    const y = b.slice();
    const quadratic = ldlForward({ numbers, at: 0 }, y, D);
    ldlBackward({ numbers, at: 0 }, y, D);
    times(sumOf(terms, 0.2), y).forEach((value, i) => expect(value).toBeCloseTo(b[i] ?? Number.NaN, 11));
    expect(quadratic).toBeCloseTo(
      b.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0),
      12,
    );
  });

  it('takes out what it took in, while what is left stays positive definite', () => {
    const numbers = new Float64Array(LENGTH);
    ldlOfRidge({ numbers, at: 0 }, D, 1);
    for (const { x, weight } of terms) ldlUpdate({ numbers, at: 0 }, weight, x.slice());
    for (const { x, weight } of terms.slice(5)) ldlUpdate({ numbers, at: 0 }, -weight, x.slice());
    expectClose(product(numbers), sumOf(terms.slice(0, 5), 1), 1e-10);
  });

  it('keeps its accuracy over a million updates', () => {
    const numbers = new Float64Array(LENGTH);
    ldlOfRidge({ numbers, at: 0 }, D, 1);
    const few = someVectors(10, 5);
    const x = new Float64Array(D);
    for (let t = 0; t < 1e6; t++) {
      x.set(few[t % few.length] ?? x);
      ldlUpdate({ numbers, at: 0 }, 0.25, x);
    }
    const exact = sumOf(
      few.map((vector) => ({ x: vector, weight: 25_000 })),
      1,
    );
    expectClose(product(numbers), exact, 1e-9 * Math.max(...exact.flat()));
  });

  it('raises pivots that rounding pushed below the ridge', () => {
    const triangle = Float64Array.of(-1e-3, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1);
    ldlFactorise(triangle, D, 0.5);
    expect(triangle[0]).toBe(0.5);
  });
});
