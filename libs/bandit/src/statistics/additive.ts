import { invariant } from '@vitrine/kernel';
import type { AdditiveFamily, Observation, StatisticsFamily } from './statistics-family';

/** Adds or takes out (`sign` -1) one entry. */
export type SignedFold = (statistics: Float64Array, observation: Observation, sign: 1 | -1) => void;

/** A family whose statistics are plain sums: merging adds element by element, un-folding subtracts what folding added. */
export function additiveFamily(shape: Omit<StatisticsFamily, 'fold' | 'shared'>, add: SignedFold): AdditiveFamily {
  return {
    ...shape,
    fold: (statistics, observation) => add(statistics, observation, 1),
    unfold: (statistics, observation) => add(statistics, observation, -1),
    merge: addElementwise,
  };
}

function addElementwise(into: Float64Array, from: Float64Array): void {
  invariant(into.length === from.length, 'merged statistics have one layout');
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) + (from[i] ?? 0);
}

/** How an entry changes the sum of squared rewards: (before + delta)^2 - before^2. */
export function squareOf({ kind, reward, before }: Observation): number {
  return kind === 'TRIAL' ? reward * reward : reward * (2 * before + reward);
}
