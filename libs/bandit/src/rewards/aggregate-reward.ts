import { assertNever, DomainError } from '@vitrine/kernel';

/** How the rewards of one trial become the one number that is learned. */
export interface RewardAggregation {
  readonly aggregation: 'FIRST' | 'SUM' | 'MAX' | 'LAST';
  /** What a trial earns as long as no reward was counted; the first counted reward replaces it. */
  readonly defaultReward: number;
  /** Bounds of the total. */
  readonly min: number;
  readonly max: number;
}

/** What a trial carries from one reward to the next. `value` is not cut to the bounds: a sum that went past them can come back. */
export interface RewardState {
  readonly value: number;
  /** Rewards counted so far. */
  readonly counted: number;
}

export interface AggregatedReward {
  readonly state: RewardState;
  /** What the trial has earned now, within the bounds. */
  readonly total: number;
  /** Difference to what it had earned before: what the ledger records. */
  readonly delta: number;
}

/** A trial that earned nothing but its default so far. */
export function initialReward({ defaultReward }: RewardAggregation): RewardState {
  return { value: defaultReward, counted: 0 };
}

/** What a trial has earned, within the bounds. */
export function rewardTotal({ min, max }: RewardAggregation, { value }: RewardState): number {
  return Math.min(Math.max(value, min), max);
}

function combine(aggregation: RewardAggregation['aggregation'], soFar: RewardState, next: number): number {
  if (soFar.counted === 0) return next;
  switch (aggregation) {
    case 'FIRST':
      return soFar.value;
    case 'SUM':
      return soFar.value + next;
    case 'MAX':
      return Math.max(soFar.value, next);
    case 'LAST':
      return next;
    default:
      return assertNever(aggregation);
  }
}

/**
 * Counts one more reward. SUM and MAX give the same total in any order of arrival; FIRST and LAST go by arrival.
 *
 * @throws DomainError REWARD_OUT_OF_RANGE when the reward is not a finite number
 */
export function aggregateReward(spec: RewardAggregation, soFar: RewardState, next: number): AggregatedReward {
  if (!Number.isFinite(next)) throw new DomainError('REWARD_OUT_OF_RANGE', 'a reward is a finite number');
  const state = { value: combine(spec.aggregation, soFar, next), counted: soFar.counted + 1 };
  const total = rewardTotal(spec, state);
  return { state, total, delta: total - rewardTotal(spec, soFar) };
}
