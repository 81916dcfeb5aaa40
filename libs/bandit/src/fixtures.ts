import { bannerId } from '@vitrine/kernel';
import type { ArmIdentity, DecisionPoint } from './policy';
import type { Observation, StatisticsFamily } from './statistics/statistics-family';

/** Builders for specs and benchmarks; never part of the public API. */
const NO_CONTEXT = new Float64Array(0);

/** A trial with its default reward. */
export function aTrial(over: Partial<Observation> = {}): Observation {
  return { kind: 'TRIAL', context: NO_CONTEXT, reward: 0, before: 0, propensity: 0.5, at: 0, key: 1, ...over };
}

/** A change of what a trial earned. */
export function aReward(over: Partial<Observation> = {}): Observation {
  return aTrial({ kind: 'REWARD', ...over });
}

export function aPoint(context: Float64Array = NO_CONTEXT, over: Partial<DecisionPoint> = {}): DecisionPoint {
  return { context, at: 0, pool: null, ...over };
}

export function anArm(id: string, groups: readonly string[] = []): ArmIdentity {
  return { id: bannerId(id), groups };
}

/** Statistics after these entries. */
export function foldAll(
  family: StatisticsFamily,
  observations: readonly Observation[],
  statistics = new Float64Array(family.length),
): Float64Array {
  for (const observation of observations) family.fold(statistics, observation);
  return statistics;
}
