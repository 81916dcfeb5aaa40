import { invariant, rngFromNumber, type Rng } from '@vitrine/kernel';
import { anArm, aPoint, aTrial } from '../fixtures';
import type { Policy } from '../policy';
import { createPolicy } from './policy-registry';

const DRAWS = 50_000;
// Globals cost a lookup through Jest's sandbox on every use.
const { abs, cos, log, max, PI, sqrt } = Math;
/** |z| above 5.2 with probability 2e-7: below 1e-6 per test of up to five banners. */
const LIMIT = 5.2;

function built(name: string, params: Record<string, unknown>, dimension: number): Policy {
  const policy = createPolicy({ name, params }, dimension);
  invariant(policy.ok, 'the policy builds');
  return policy.value;
}

function normal(rng: Rng): number {
  return sqrt(-2 * log(1 - rng())) * cos(2 * PI * rng());
}

/** Marsaglia & Tsang, ACM TOMS 26 (2000); shape >= 1. */
function gamma(shape: number, rng: Rng): number {
  const d = shape - 1 / 3;
  const c = 1 / sqrt(9 * d);
  for (;;) {
    const x = normal(rng);
    const v = (1 + c * x) ** 3;
    if (v > 0 && log(1 - rng()) < 0.5 * x * x + d - d * v + d * log(v)) return d * v;
  }
}

/** Share of draws in which each score is the largest. */
function winShares(n: number, draw: (i: number) => number): Float64Array {
  const wins = new Float64Array(n);
  for (let round = 0; round < DRAWS; round++) {
    let best = -Infinity;
    let winner = 0;
    for (let i = 0; i < n; i++) {
      const score = draw(i);
      if (score > best) {
        best = score;
        winner = i;
      }
    }
    wins[winner] = (wins[winner] ?? 0) + 1 / DRAWS;
  }
  return wins;
}

function largestZ(shares: Float64Array, probabilities: Float64Array): number {
  return max(...probabilities.map((p, i) => abs((shares[i] ?? 0) - p) / sqrt((p * (1 - p)) / DRAWS)));
}

describe('beta-thompson', () => {
  it('gives the share of draws that each posterior wins', () => {
    const arms = [
      [10, 3],
      [40, 10],
      [25, 7],
      [4, 0],
    ] as const;
    const policy = built('beta-thompson', { alpha: 1, beta: 2 }, 0);
    const out = new Float64Array(arms.length);
    const models = arms.map((statistics, i) => policy.derive(anArm(`b${i}`), Float64Array.from(statistics)));
    policy.distribution(models, aPoint(), out);
    const rng = rngFromNumber(99);
    const shares = winShares(arms.length, (i) => {
      const [trials, rewards] = arms[i] ?? [0, 0];
      const successes = gamma(1 + rewards, rng);
      return successes / (successes + gamma(2 + trials - rewards, rng));
    });
    expect(largestZ(shares, out)).toBeLessThan(LIMIT);
  });
});

describe('linear-thompson', () => {
  const [lambda, width, d] = [0.5, 0.7, 3];

  /** Solves A y = x by Gaussian elimination: another road than the policy's Cholesky factor. */
  function solve(matrix: readonly (readonly number[])[], x: readonly number[]): number[] {
    const rows = matrix.map((row, i) => [...row, x[i] ?? 0]);
    rows.forEach((pivotRow, k) => {
      rows.forEach((row, i) => {
        if (i === k) return;
        const factor = (row[k] ?? 0) / (pivotRow[k] ?? 1);
        row.forEach((entry, j) => (row[j] = entry - factor * (pivotRow[j] ?? 0)));
      });
    });
    return rows.map((row, i) => (row[d] ?? 0) / (row[i] ?? 1));
  }

  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

  it('gives the share of draws that each score wins, for scores from an independent regression', () => {
    const policy = built('linear-thompson', { lambda, width }, d);
    const rng = rngFromNumber(5);
    const x = [1, -0.5, 0.25];
    const scores = [3, 10, 30, 0, 60].map((trials, arm) => {
      const matrix = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? lambda : 0)));
      const sums = [0, 0, 0];
      const statistics = new Float64Array(policy.family.length);
      for (let t = 0; t < trials; t++) {
        const z = [1, 2 * rng() - 1, 2 * rng() - 1];
        const reward = rng() < 0.2 + 0.1 * arm ? 1 : 0;
        policy.family.fold(statistics, aTrial({ context: Float64Array.from(z), reward }));
        z.forEach((zi, i) => {
          sums[i] = (sums[i] ?? 0) + reward * zi;
          const row = matrix[i] ?? [];
          z.forEach((zj, j) => (row[j] = (row[j] ?? 0) + zi * zj));
        });
      }
      const model = policy.derive(anArm(`b${arm}`), trials === 0 ? null : statistics);
      return { model, mean: dot(x, solve(matrix, sums)), deviation: width * sqrt(dot(x, solve(matrix, x))) };
    });
    const out = new Float64Array(scores.length);
    policy.distribution(
      scores.map(({ model }) => model),
      aPoint(Float64Array.from(x)),
      out,
    );
    const shares = winShares(scores.length, (i) => (scores[i]?.mean ?? 0) + (scores[i]?.deviation ?? 0) * normal(rng));
    expect(largestZ(shares, out)).toBeLessThan(LIMIT);
  });
});
