import { assertNever } from '@vitrine/kernel';
import type { DelayDiscount, RewardAggregation, RewardContribution, RewardFunction, ValueTransform } from './reward-function';
import { standingContributions } from './standing-contributions';

/**
 * The reward of one trial. Refunds take their purchases back (`standingContributions`); each contribution that is left earns
 *
 *     (weight + valueWeight * transform(amount)) * discount(max(0, delay))
 *
 * with the money part for purchases only; what was earned is aggregated and held in `[min, max]`. With nothing earned it is the default
 * reward. Live learning and offline replays both call this: it is a function of the set of contributions, so their order changes no bit.
 *
 * @param contributions of one trial, event ids distinct, in any order
 * @param rule a valid reward function (`parseRewardFunction`)
 * @param attributionWindowMs > 0; where a LINEAR discount reaches 0
 * @returns a finite reward in `[rule.min, rule.max]`
 */
export function rewardOf(contributions: readonly RewardContribution[], rule: RewardFunction, attributionWindowMs: number): number {
  const earned: number[] = [];
  for (const contribution of standingContributions(contributions)) {
    const base = baseOf(contribution, rule);
    if (base !== null) earned.push(base * discountFactor(contribution.delayMs, rule.delayDiscount, attributionWindowMs));
  }
  const first = earned[0];
  const total =
    first === undefined ? rule.defaultReward : Math.max(rule.min, Math.min(rule.max, aggregated(earned, first, rule.aggregation)));
  return total + 0; // a penalty that faded away is 0, not -0, whose bits differ
}

/** Null when the event earns nothing under the rule; a REFUND of weight 0 only takes back. */
function baseOf({ type, amountMinor }: RewardContribution, rule: RewardFunction): number | null {
  const weight = rule.weights[type];
  const counts = type === 'PURCHASE' && amountMinor !== null && rule.valueWeight !== 0;
  const money = counts ? rule.valueWeight * transformedValue(amountMinor, rule.valueTransform) : 0;
  if (money === 0 && (weight === undefined || (type === 'REFUND' && weight === 0))) return null;
  return (weight ?? 0) + money;
}

/** @param amountMinor >= 0 */
function transformedValue(amountMinor: number, transform: ValueTransform = { kind: 'NONE' }): number {
  switch (transform.kind) {
    case 'NONE':
      return amountMinor;
    case 'CAP':
      return Math.min(amountMinor, transform.capMinor);
    case 'LOG':
      return Math.log1p(amountMinor / transform.scaleMinor);
    default:
      return assertNever(transform);
  }
}

/** In [0, 1]; a delay below 0 is a clock that runs behind, not a merit. */
function discountFactor(delayMs: number, discount: DelayDiscount = { kind: 'NONE' }, attributionWindowMs: number): number {
  const delay = Math.max(0, delayMs);
  switch (discount.kind) {
    case 'NONE':
      return 1;
    case 'EXPONENTIAL':
      return 2 ** -(delay / discount.halfLifeMs);
    case 'LINEAR':
      return Math.max(0, 1 - delay / attributionWindowMs);
    default:
      return assertNever(discount);
  }
}

/** @param earned in the order of the events, not empty; `first` is its first */
function aggregated(earned: readonly number[], first: number, aggregation: RewardAggregation): number {
  switch (aggregation) {
    case 'FIRST':
      return first;
    case 'LAST':
      return earned[earned.length - 1] ?? first;
    case 'MAX':
      return earned.reduce((a, b) => Math.max(a, b), first);
    case 'SUM':
      return earned.reduce((a, b) => a + b, 0);
    default:
      return assertNever(aggregation);
  }
}
