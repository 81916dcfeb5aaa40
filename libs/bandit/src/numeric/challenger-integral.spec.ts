import { ChallengerIntegral } from './challenger-integral';
import { incompleteBeta } from './incomplete-beta';
import { logitBeta } from './logit-beta';
import { LogitBetaTail } from './logit-beta-tail';

type Shape = readonly [number, number];

const tailOf = ([a, b]: Shape): LogitBetaTail => new LogitBetaTail(a, b, logitBeta(a, b));

function sharesOf(shapes: readonly Shape[], leader: number): Float64Array {
  const out = new Float64Array(shapes.length);
  new ChallengerIntegral().solve(shapes.map(tailOf), leader, out);
  return out;
}

/**
 * Shares of the challengers, and the probability `missed` that the leader is not the best: exact rational arithmetic on the distribution
 * functions as Bernstein polynomials (shapes are whole numbers), rounded at the end.
 */
const EXACT: readonly { shapes: readonly Shape[]; leader: number; missed: number; expected: readonly number[] }[] = [
  {
    shapes: [
      [30, 70],
      [12, 90],
      [5, 60],
    ],
    leader: 0,
    missed: 6.578395e-4,
    expected: [0, 8.332737493044983e-1, 1.667262506955017e-1],
  },
  {
    shapes: [
      [90, 30],
      [20, 60],
      [1, 3],
      [10, 30],
    ],
    leader: 0,
    missed: 1.67999e-2,
    expected: [0, 2.711389673431011e-11, 9.999996092811713e-1, 3.906917148188735e-7],
  },
  {
    shapes: [
      [200, 300],
      [10, 200],
      [80, 320],
      [1, 40],
    ],
    leader: 0,
    missed: 3.565095e-9,
    expected: [0, 1.341856474445929e-17, 8.528228848736959e-3, 9.91471771151263e-1],
  },
  {
    shapes: [
      [300, 100],
      [20, 180],
      [20, 180],
      [100, 300],
    ],
    leader: 0,
    missed: 7.480133e-48,
    expected: [0, 1.408520749913701e-9, 1.408520749913701e-9, 9.999999971829585e-1],
  },
  {
    shapes: [
      [1200, 800],
      [300, 700],
      [1, 30],
    ],
    leader: 0,
    missed: 1.588909e-12,
    expected: [0, 8.640680991123714e-44, 1.0],
  },
  {
    shapes: [
      [40, 1],
      [1, 6],
      [2, 9],
    ],
    leader: 0,
    missed: 1.107505e-7,
    expected: [0, 9.639644544391952e-1, 3.603554556080477e-2],
  },
  {
    shapes: [
      [160, 2840],
      [42, 1358],
      [20, 880],
      [6, 494],
    ],
    leader: 0,
    missed: 1.697102e-4,
    expected: [0, 9.3455093750105e-1, 6.005662527485452e-2, 5.392437224095438e-3],
  },
  {
    shapes: [
      [250, 750],
      [30, 270],
      [12, 148],
      [5, 95],
      [2, 58],
    ],
    leader: 0,
    missed: 1.499397e-6,
    expected: [0, 9.466080156158775e-4, 1.328605528638092e-2, 4.341516438931767e-2, 9.423521723086855e-1],
  },
  {
    shapes: [
      [2, 1],
      [1, 1000],
      [1, 700],
    ],
    leader: 0,
    missed: 5.36739e-6,
    expected: [0, 2.957951798887969e-1, 7.042048201112031e-1],
  },
];

describe('ChallengerIntegral', () => {
  it.each(EXACT)('is right to 1e-6 where the leader loses with probability $missed', ({ shapes, leader, expected }) => {
    const shares = sharesOf(shapes, leader);
    expected.forEach((share, i) => {
      // Shares that nobody will ever see are allowed to be rough.
      expect(Math.abs((shares[i] ?? Number.NaN) - share)).toBeLessThanOrEqual(share > 1e-13 ? 1e-6 * share : 1e-14);
    });
  });

  it('stays a distribution where the leader loses with probability e^-10000', () => {
    const shares = sharesOf(
      [
        [5e6, 5e6],
        [3e6, 4e6],
        [1, 1e5],
        [2e4, 3e4],
      ],
      0,
    );
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(shares[0]).toBe(0);
    expect(shares[3]).toBeGreaterThan(0.999);
  });

  it('gives equal variates bitwise equal shares, and each its own in any order', () => {
    const shapes: Shape[] = [
      [20, 400],
      [200, 800],
      [3, 60],
      [20, 400],
      [1, 12],
    ];
    const shares = sharesOf(shapes, 1);
    expect(shares[0]).toBe(shares[3]);
    expect([...sharesOf(shapes.toReversed(), 3)].toReversed()).toEqual([...shares]);
  });
});

describe('LogitBetaTail', () => {
  const logit = (x: number): number => Math.log(x / (1 - x));

  it.each([
    [21, 981],
    [0.5, 3],
    [4000, 200],
  ])('knows the distribution function of Beta(%d, %d), in the table and below', (a, b) => {
    const tail = tailOf([a, b]);
    const mean = a / (a + b);
    const deviation = Math.sqrt((mean * (1 - mean)) / (a + b + 1));
    for (const x of [0, 0.5, 0.9].map((part) => mean - part * Math.min(9 * deviation, mean))) {
      expect(Math.exp(tail.logCdf(logit(x))) / incompleteBeta(x, a, b)).toBeCloseTo(1, 6);
    }
  });

  it('keeps relative precision where the distribution function underflows: x^a for Beta(a, 1)', () => {
    const tail = tailOf([500, 1]);
    expect(tail.logCdf(logit(0.01)) / (500 * Math.log(0.01))).toBeCloseTo(1, 12);
    expect(tail.reverseHazard(logit(0.01)) / (500 * 0.99)).toBeCloseTo(1, 12);
  });

  it('is sure beyond the end of its table', () => {
    const tail = tailOf([21, 981]);
    expect(tail.logCdf(3)).toBe(0);
    expect(tail.reverseHazard(3)).toBe(0);
  });

  it('has slopes that are the derivatives of its logarithms', () => {
    const tail = tailOf([30, 300]);
    const h = 1e-5;
    for (const y of [-5, -3, -2.4, -2]) {
      expect((tail.logDensity(y + h) - tail.logDensity(y - h)) / (2 * h)).toBeCloseTo(tail.slope(y), 4);
      expect((tail.slope(y + h) - tail.slope(y - h)) / (2 * h)).toBeCloseTo(tail.curvature(y), 4);
      expect((tail.logCdf(y + h) - tail.logCdf(y - h)) / (2 * h)).toBeCloseTo(tail.reverseHazard(y), 4);
    }
  });
});
