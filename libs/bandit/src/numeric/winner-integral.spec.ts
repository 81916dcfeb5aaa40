import { rngFromNumber } from '@vitrine/kernel';
import { incompleteBeta } from './incomplete-beta';
import { logitBeta } from './logit-beta';
import { logBeta } from './log-gamma';
import { cdfAt } from './piecewise-cdf';
import { NORMAL_CELLS_PER_SD, NORMAL_REACH, STANDARD_NORMAL } from './standard-normal';
import { WinnerIntegral } from './winner-integral';

type Shape = readonly [number, number];

function winnersOfNormals(arms: readonly Shape[]): Float64Array {
  const integral = new WinnerIntegral();
  const out = new Float64Array(arms.length);
  integral.reserve(arms.length);
  arms.forEach(([mean, scale], i) => {
    integral.set(i, { table: STANDARD_NORMAL, start: mean - NORMAL_REACH * scale, width: scale / NORMAL_CELLS_PER_SD, scale });
  });
  integral.solve(out);
  return out;
}

function winnersOfBetas(arms: readonly Shape[]): Float64Array {
  const integral = new WinnerIntegral();
  const out = new Float64Array(arms.length);
  integral.reserve(arms.length);
  arms.forEach(([a, b], i) => {
    const { cdf, start, width, scale } = logitBeta(a, b);
    integral.set(i, { table: cdf, start, width, scale });
  });
  integral.solve(out);
  return out;
}

function largestError(actual: Float64Array, expected: readonly number[]): number {
  return Math.max(...expected.map((p, i) => Math.abs(p - (actual[i] ?? Number.NaN))));
}

const normalCdf = (z: number): number => cdfAt(STANDARD_NORMAL, (z + NORMAL_REACH) * NORMAL_CELLS_PER_SD);

describe('the tabulated standard normal', () => {
  // Abramowitz & Stegun (1964), table 26.1.
  it.each([
    [-3, 0.00134989803163],
    [-1.23, 0.10934855242569],
    [0, 0.5],
    [0.51, 0.69497426910248],
    [2.5, 0.99379033467422],
  ])('at %d is %d', (z, expected) => {
    expect(Math.abs(normalCdf(z) - expected)).toBeLessThan(1e-9);
  });
});

describe('the tabulated Beta on the logit scale', () => {
  it.each([
    [1, 1],
    [0.1, 0.1],
    [0.5, 40],
    [21, 981],
    [3.25, 1.5],
    [5e5, 1.5e6],
  ])('agrees with the incomplete beta function for shapes %d and %d', (a, b) => {
    const { cdf, start, width } = logitBeta(a, b);
    for (let step = 1; step < 40; step++) {
      const u = start + (width * cdf.cells * step) / 40;
      // From the nearer end, where 1 - x would be rounded away.
      const expected = u < 0 ? incompleteBeta(1 / (1 + Math.exp(-u)), a, b) : 1 - incompleteBeta(1 / (1 + Math.exp(u)), b, a);
      expect(Math.abs(cdfAt(cdf, (u - start) / width) - expected)).toBeLessThan(2e-9);
    }
  });
});

describe('WinnerIntegral on normals', () => {
  // mpmath 1.3, 30 digits, Gauss-Legendre on a fine partition.
  it.each<readonly [string, readonly Shape[], readonly number[]]>([
    [
      'scales of one size',
      [
        [0.1, 0.3],
        [0.2, 0.1],
        [0, 0.5],
        [0.35, 0.05],
      ],
      [0.168545279975288, 0.0553267326361394, 0.223047822086025, 0.553080165302547],
    ],
    [
      'one narrow arm',
      [
        [0, 1],
        [0.5, 0.01],
        [0.2, 0.1],
      ],
      [0.308532262375857, 0.690475235869125, 0.00099250175501835],
    ],
    [
      'scales over four decades',
      [
        [0.05, 0.02],
        [0.051, 0.0001],
        [-0.2, 0.4],
        [0.0511, 0.00002],
      ],
      [0.357185389588653, 0.0627943514799285, 0.25910646915442, 0.320913789776998],
    ],
    [
      'twelve arms, some hopeless',
      Array.from({ length: 12 }, (_, i): Shape => [0.01 * i, 0.02 + 0.005 * (i % 4)]),
      [
        5.57217309523556e-7, 6.34832608673157e-5, 0.0011096300558988, 0.00695475809211899, 0.00054957348202156, 0.00642175255047991,
        0.0291511854058075, 0.0784518634717962, 0.0465480242821293, 0.135012659353127, 0.267973809015791, 0.427762703812653,
      ],
    ],
  ])('equals the reference with %s', (_, arms, expected) => {
    expect(largestError(winnersOfNormals(arms), expected)).toBeLessThan(2e-9);
  });

  it('equals the reference for one arm against a thousand, whose maximum rises steeply', () => {
    const arms: readonly Shape[] = [[3, 1], ...Array.from({ length: 1000 }, (): Shape => [0, 1])];
    expect(Math.abs((winnersOfNormals(arms)[0] ?? 0) - 0.411490424787832)).toBeLessThan(2e-7);
  });

  it('equals the closed form for two arms, whatever their scales', () => {
    const rng = rngFromNumber(11);
    for (let trial = 0; trial < 300; trial++) {
      const arms: readonly Shape[] = [
        [rng(), 10 ** (-6 * rng())],
        [rng(), 10 ** (-6 * rng())],
      ];
      const [[m1, s1], [m2, s2]] = [arms[0] ?? [0, 1], arms[1] ?? [0, 1]];
      const first = normalCdf((m1 - m2) / Math.hypot(s1, s2));
      expect(largestError(winnersOfNormals(arms), [first, 1 - first])).toBeLessThan(1e-8);
    }
  });

  it('gives equal arms bitwise equal shares, and a lone arm everything', () => {
    const shares = winnersOfNormals(Array.from({ length: 200 }, (): Shape => [0.3, 0.01]));
    expect(new Set(shares).size).toBe(1);
    expect(shares[0]).toBeCloseTo(1 / 200, 15);
    expect([...winnersOfNormals([[5, 1e-12]])]).toEqual([1]);
  });

  it('keeps its answer when an arm that cannot win joins', () => {
    const arms: readonly Shape[] = [
      [0, 1],
      [0.3, 0.7],
    ];
    const joined = winnersOfNormals([...arms, [-20, 1]]);
    expect(joined[2]).toBe(0);
    expect(largestError(joined, [...winnersOfNormals(arms), 0])).toBeLessThan(1e-9);
  });

  it('stays right for arms far apart on the scale of their own spread', () => {
    expect([
      ...winnersOfNormals([
        [1e6, 1e-3],
        [1e6 - 1, 1e-3],
      ]),
    ]).toEqual([1, 0]);
    expect(
      largestError(
        winnersOfNormals([
          [1e6, 1e-9],
          [1e6, 1],
        ]),
        [0.5, 0.5],
      ),
    ).toBeLessThan(1e-7);
  });
});

describe('WinnerIntegral on Betas', () => {
  // mpmath 1.3, 20 digits, with its own incomplete beta function.
  it.each<readonly [readonly Shape[], readonly number[]]>([
    [
      [
        [3, 20],
        [2, 9],
        [1, 1],
      ],
      [0.06327682932727, 0.1467034078269, 0.7900197628458],
    ],
    [
      [
        [0.5, 0.5],
        [1.5, 0.5],
        [2, 3],
      ],
      [0.2761499225648, 0.6437343739236, 0.08011570351091],
    ],
  ])('equals the reference for shapes %j', (arms, expected) => {
    expect(largestError(winnersOfBetas(arms), expected)).toBeLessThan(2e-9);
  });

  it('equals the reference for one arm against twenty', () => {
    const arms: readonly Shape[] = [[3, 10], ...Array.from({ length: 20 }, (): Shape => [1, 10])];
    expect(Math.abs((winnersOfBetas(arms)[0] ?? 0) - 0.304736515283366)).toBeLessThan(1e-8);
  });

  // P(second > first) = sum_{i < a2} B(a1 + i, b1 + b2) / ((b2 + i) B(1 + i, b2) B(a1, b1)), for whole a2.
  it.each<readonly [Shape, Shape]>([
    [
      [101, 4900],
      [110, 4891],
    ],
    [
      [1, 1],
      [40, 900],
    ],
    [
      [2500, 47_500],
      [2600, 47_400],
    ],
  ])('equals the closed form for %j against %j', ([a1, b1], [a2, b2]) => {
    let second = 0;
    for (let i = 0; i < a2; i++) {
      second += Math.exp(logBeta(a1 + i, b1 + b2) - Math.log(b2 + i) - logBeta(1 + i, b2) - logBeta(a1, b1));
    }
    expect(
      largestError(
        winnersOfBetas([
          [a1, b1],
          [a2, b2],
        ]),
        [1 - second, second],
      ),
    ).toBeLessThan(1e-8);
  });
});
