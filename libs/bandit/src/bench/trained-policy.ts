import { bannerId, rngFromNumber, SHARED_STATE, type BannerId, type Rng } from '@vitrine/kernel';
import type { ArmIdentity, ArmModel, Policy, PoolModel } from '../policy';
import type { Observation } from '../statistics/statistics-family';

/** A policy with a history, as a benchmark needs it: several banners still in the race, dense contexts. */
export interface TrainedPolicy {
  readonly arms: readonly ArmIdentity[];
  readonly statistics: ReadonlyMap<BannerId, Float64Array>;
  readonly shared: Float64Array | null;
  readonly models: readonly ArmModel[];
  readonly pool: PoolModel;
  /** Trials that were not part of the history. */
  readonly further: readonly Observation[];
}

const TRIALS_PER_ARM = 200;
/** With many banners each has fewer trials, so that preparing does not take longer than measuring. */
const MOST_TRIALS = 20_000;
const FURTHER = 64;

/** A bias of 1 and values in [-1, 1). */
export function denseContext(dimension: number, rng: Rng): Float64Array {
  return Float64Array.from({ length: dimension }, (_, i) => (i === 0 ? 1 : 2 * rng() - 1));
}

/** Banners with click rates between 2 and 10 %, in groups of ten. */
export function trainPolicy(policy: Policy, armCount: number, seed: number): TrainedPolicy {
  const rng = rngFromNumber(seed);
  const arms = Array.from({ length: armCount }, (_, i): ArmIdentity => {
    return { id: bannerId(`banner-${i}`), groups: [`group-${Math.floor(i / 10)}`] };
  });
  const { family } = policy;
  const shared = family.shared === undefined ? null : new Float64Array(family.shared.length);
  const statistics = new Map(arms.map(({ id }) => [id, new Float64Array(family.length)]));
  const held = shared === null ? statistics : new Map([...statistics, [SHARED_STATE, shared]]);
  const rates = arms.map(() => 0.02 + 0.08 * rng());
  const trial = (i: number): Observation => ({
    kind: 'TRIAL',
    context: denseContext(policy.dimension, rng),
    reward: rng() < (rates[i % armCount] ?? 0) ? 1 : 0,
    before: 0,
    propensity: 1 / armCount,
    at: 60_000 * i,
    key: i,
  });
  const trials = armCount * Math.max(1, Math.min(TRIALS_PER_ARM, Math.floor(MOST_TRIALS / armCount)));
  for (let i = 0; i < trials; i++) {
    const [id, observation] = [arms[i % armCount]?.id ?? SHARED_STATE, trial(i)];
    if (shared !== null) family.shared?.fold(shared, held, { ...observation, bannerId: id });
    family.fold(statistics.get(id) ?? shared ?? new Float64Array(0), observation);
  }
  const models = arms.map((arm) => policy.derive(arm, statistics.get(arm.id) ?? null));
  return {
    arms,
    statistics,
    shared,
    models,
    pool: policy.pool?.derive(models, shared) ?? null,
    further: Array.from({ length: FURTHER }, (_, i) => trial(trials + i)),
  };
}
