import { bannerId, invariant, rngFromNumber, type BannerId, type Rng } from '@vitrine/kernel';
import { aReward, aTrial } from '../fixtures';
import type { ArmIdentity, Policy } from '../policy';
import { createPolicy } from '../policies/policy-registry';
import { LearnedState } from '../runtime/learned-state';
import { OnlineLearner } from '../runtime/online-learner';
import type { Observation } from '../statistics/statistics-family';

export const DIMENSION = 5;
const HOUR = 3_600_000;
const TRIALS = 40;
/** When decisions of the battery are made: after everything that was learned. */
export const NOW = 60 * HOUR;

export function built(name: string, params: Record<string, unknown> = {}): Policy {
  const policy = createPolicy({ name, params }, DIMENSION);
  invariant(policy.ok, 'the policy builds');
  return policy.value;
}

export const banners = (count: number): readonly BannerId[] => Array.from({ length: count }, (_, i) => bannerId(`banner-${i}`));

/** Banners of two campaigns and three categories. */
export function identify(id: BannerId): ArmIdentity {
  const number = Number(id.slice('banner-'.length));
  return { id, groups: [`campaign:${number % 2}`, `category:${number % 3}`] };
}

/** A context in whole steps of 1/32, the constant first; empty for a context-free policy. */
export function contextFor(policy: Policy, rng: Rng): Float64Array {
  return Float64Array.from({ length: policy.dimension }, (_, i) => (i === 0 ? 1 : Math.round(64 * (rng() - 0.5)) / 32));
}

/** An entry of some trial: three in four a trial, the others a correction of one. */
export function someEntry(policy: Policy, rng: Rng, key: number): Observation {
  const shared = { context: contextFor(policy, rng), propensity: 0.05 + 0.95 * rng(), at: Math.floor(rng() * 48) * HOUR, key };
  const reward = rng() < 0.3 ? 1 : 0;
  return rng() < 0.75 ? aTrial({ ...shared, reward }) : aReward({ ...shared, reward: reward === 1 ? 0.5 : -0.25, before: 0.25 });
}

/** What a policy knows after some trials of each banner, some better than others. The last banner was never tried. */
export function learned(policy: Policy, count: number, seed: number): LearnedState {
  const rng = rngFromNumber(seed);
  const learner = new OnlineLearner(policy, identify);
  for (let trial = 0; trial < TRIALS; trial++) {
    banners(count)
      .slice(0, -1)
      .forEach((id, i) => {
        const context = contextFor(policy, rng);
        const rate = 0.1 + 0.1 * i + (context[1] ?? 0) * (i % 2 === 0 ? 0.1 : -0.1);
        learner.observe(
          id,
          aTrial({ context, reward: rng() < rate ? 1 : 0, propensity: 1 / count, at: trial * HOUR, key: trial * 64 + i }),
        );
      });
  }
  return LearnedState.of({ policy, revision: 1, statistics: learner.statistics, identify });
}

export function distributionOf(state: LearnedState, ids: readonly BannerId[], seed: number): Float64Array {
  const out = new Float64Array(ids.length).fill(Number.NaN);
  state.distribution(ids, { context: contextFor(state.policy, rngFromNumber(seed)), at: NOW }, out);
  return out;
}
