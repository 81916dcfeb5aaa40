import { dequantise } from '@vitrine/feedback';
import { scoreBanners } from './decide-placement';
import { drawSlots, isFixedLayer, oneHot, takeInOrder, uniform } from './fill';
import type { CompiledPolicy, PolicyState } from './servable-policy';
import type { DecisionRecord } from './types';

/** Fills the slots again from the recorded distribution and seed; true when the same banners come with the same propensities. */
export function refillsEqually(record: DecisionRecord): boolean {
  const count = record.slots.length;
  const { indices, propensities } = isFixedLayer(record.layer)
    ? takeInOrder(record.distribution.length, count)
    : drawSlots(record.distribution, count, record.seed);
  return (
    indices.length === count &&
    record.slots.every(({ bannerId, propensity }, slot) => {
      const index = indices[slot];
      return index !== undefined && record.eligible[index]?.bannerId === bannerId && propensities[slot] === propensity;
    })
  );
}

/** Whether the recorded distribution came from a policy's learned state, so that deriving it again needs that state. */
export function readsState(record: DecisionRecord): boolean {
  return !isFixedLayer(record.layer) && record.ladderStep !== 'CONTEXT_FREE';
}

/** The distribution of a decision that read no state: an even draw or a fixed order. */
export function statelessDistribution(record: DecisionRecord): Float64Array {
  return isFixedLayer(record.layer) ? oneHot(record.eligible.length) : uniform(record.eligible.length);
}

/** The distribution that this state gives to the recorded context and eligible set. */
export function rederive(record: DecisionRecord, policy: CompiledPolicy, state: PolicyState): Float64Array {
  const vector = new Float64Array(record.steps.length);
  dequantise(record.steps, vector);
  return scoreBanners(
    policy,
    state,
    record.eligible.map(({ bannerId }) => bannerId),
    { context: vector, at: record.decidedAt },
  );
}

/** Largest difference of two distributions over the same banners; infinite when they are not over the same number. */
export function maxError(a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((worst, p, index) => Math.max(worst, Math.abs(p - (b[index] ?? 0))), 0);
}
