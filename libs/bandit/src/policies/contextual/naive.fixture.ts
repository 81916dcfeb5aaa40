import { invariant, rngFromNumber, type Rng } from '@vitrine/kernel';
import { anArm, aPoint, aReward, aTrial } from '../../fixtures';
import type { Policy, ArmModel } from '../../policy';
import type { Observation } from '../../statistics/statistics-family';
import { createPolicy } from '../policy-registry';

/** Plain arithmetic on arrays of numbers, to check policies against another road to the same answer; never part of the public API. */
export type Matrix = number[][];

export function ridge(size: number, lambda: number): Matrix {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? lambda : 0)));
}

export function addOuter(matrix: Matrix, x: readonly number[], weight = 1): void {
  x.forEach((xi, i) => {
    const row = matrix[i] ?? [];
    x.forEach((xj, j) => (row[j] = (row[j] ?? 0) + weight * xi * xj));
  });
}

export const dotOf = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/** Solves S y = x by Gauss-Jordan elimination: another road than any factor. S is positive definite, so no pivoting is needed. */
export function solve(matrix: Matrix, x: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, x[i] ?? 0]);
  rows.forEach((pivotRow, k) => {
    rows.forEach((row, i) => {
      if (i === k) return;
      const factor = (row[k] ?? 0) / (pivotRow[k] ?? 1);
      row.forEach((entry, j) => (row[j] = entry - factor * (pivotRow[j] ?? 0)));
    });
  });
  return rows.map((row, i) => (row[x.length] ?? 0) / (row[i] ?? 1));
}

/** A context: a constant and values in [-1, 1). */
export function aContext(dimension: number, rng: Rng): number[] {
  return Array.from({ length: dimension }, (_, i) => (i === 0 ? 1 : 2 * rng() - 1));
}

/** Entries of one banner: trials with the default reward 0, most rewarded later, one reward taken back in part. */
export function someEntries(count: number, dimension: number, seed: number): Observation[] {
  const rng = rngFromNumber(seed);
  return Array.from({ length: count }, (_, i) => {
    const context = Float64Array.from(aContext(dimension, rng));
    const key = Math.floor(rng() * 2 ** 32);
    const trial = aTrial({ context, key });
    if (rng() < 0.5) return [trial];
    const reward = aReward({ context, key, reward: rng() });
    return i % 5 === 0 ? [trial, reward, aReward({ context, key, reward: -reward.reward / 2, before: reward.reward })] : [trial, reward];
  }).flat();
}

export function built(name: string, params: Record<string, unknown>, dimension: number): Policy {
  const policy = createPolicy({ name, params }, dimension);
  invariant(policy.ok, 'the policy builds');
  return policy.value;
}

/** Folds entries into fresh statistics of the policy. */
export function learned(policy: Policy, entries: readonly Observation[]): Float64Array {
  const statistics = new Float64Array(policy.family.length);
  for (const entry of entries) policy.family.fold(statistics, entry);
  return statistics;
}

export function shares(policy: Policy, arms: readonly ArmModel[], context: readonly number[]): number[] {
  const out = new Float64Array(arms.length).fill(Number.NaN);
  policy.distribution(arms, aPoint(Float64Array.from(context), { pool: policy.pool?.derive(arms, null) ?? null }), out);
  return [...out];
}

/** The same arm learned at once and by following entry after entry: both models. */
export function derivedAndFollowed(policy: Policy, entries: readonly Observation[]): { derived: ArmModel; followed: ArmModel } {
  const [first, ...rest] = entries;
  invariant(first !== undefined && policy.follow !== undefined, 'the policy follows');
  const banner = anArm('followed');
  const statistics = learned(policy, [first]);
  const followed = policy.derive(banner, statistics);
  for (const entry of rest) {
    policy.family.fold(statistics, entry);
    policy.follow(followed, statistics, entry);
  }
  return { derived: policy.derive(banner, statistics), followed };
}
