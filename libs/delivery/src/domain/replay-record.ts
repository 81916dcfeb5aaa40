import { dequantise } from '@vitrine/feedback';
import { scoreBanners, scoreShadow } from './decide-placement';
import { drawSlots, isFixedLayer, oneHot, takeInOrder, uniform, type Filled } from './fill';
import type { CompiledPolicy, PolicyState } from './servable-policy';
import type { DecisionRecord } from './types';

/** Fills the slots again from the recorded distribution and seed; true when the same banners come with the same propensities. */
export function refillsEqually(record: DecisionRecord): boolean {
  const count = record.slots.length;
  const { indices, propensities } = refill(record, count);
  return (
    indices.length === count &&
    record.slots.every(({ bannerId, propensity }, slot) => {
      const index = indices[slot];
      return index !== undefined && record.eligible[index]?.bannerId === bannerId && propensities[slot] === propensity;
    })
  );
}

function refill({ layer, distribution, selection, seed, eligible }: DecisionRecord, count: number): Filled {
  if (isFixedLayer(layer)) return takeInOrder(distribution.length, count);
  const banners = eligible.map(({ bannerId }) => bannerId);
  return drawSlots(distribution, count, { selection: selection === 'STICKY' ? 'STICKY' : 'DRAW', seed, banners });
}

/** Whether the recorded distribution came from a policy's learned state, so that deriving it again needs that state. */
export function readsState(record: DecisionRecord): boolean {
  return !isFixedLayer(record.layer) && record.ladderStep !== 'CONTEXT_FREE';
}

/** What a decision's distributions must have been. */
export interface Derived {
  readonly distribution: Float64Array;
  /** Null where no policy watched. */
  readonly shadow: Float64Array | null;
}

/** The distribution of a decision that read no state: an even draw or a fixed order. */
export function statelessDistribution(record: DecisionRecord): Derived {
  const { length } = record.eligible;
  return { distribution: isFixedLayer(record.layer) ? oneHot(length) : uniform(length), shadow: null };
}

/** The distributions that this state gives to the recorded context and eligible set. */
export function rederive(record: DecisionRecord, policy: CompiledPolicy, state: PolicyState): Derived {
  const context = new Float64Array(record.steps.length);
  dequantise(record.steps, context);
  const banners = record.eligible.map(({ bannerId }) => bannerId);
  const point = { context, at: record.decidedAt };
  return { distribution: scoreBanners(policy, state, banners, point), shadow: scoreShadow(policy, state, banners, point) };
}

/** Largest difference of two distributions over the same banners; infinite when they are not over the same number. */
export function maxError(a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((worst, p, index) => Math.max(worst, Math.abs(p - (b[index] ?? 0))), 0);
}
