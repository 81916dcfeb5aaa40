import { assertNever } from '@vitrine/kernel';
import type { RewardEventType, RewardSpec } from '@vitrine/catalog';
import type { IncomingEvent } from './types';

/** What one event brought to one trial, kept so that the total never depends on the order of arrival. */
export interface RewardContribution {
  readonly eventId: string;
  readonly type: RewardEventType;
  readonly occurredAt: number;
  /** Reward of the event's type. */
  readonly base: number;
  /** Reward of the event's money. */
  readonly money: number;
  /** The money itself; null when the event named none. */
  readonly amountMinor: number | null;
  /** REFUND: the purchase it takes back, when it says so (`properties.refundOf`). */
  readonly refundOf: string | null;
}

type RewardingEvent = Pick<IncomingEvent, 'eventId' | 'type' | 'occurredAt' | 'value' | 'properties'>;

const REWARD_TYPES: ReadonlySet<string> = new Set<RewardEventType>(['CLICK', 'PURCHASE', 'ADD_TO_CART', 'DISMISS', 'PAGE_LEAVE', 'REFUND']);
const isRewardType = (type: string): type is RewardEventType => REWARD_TYPES.has(type);

/** What an event earns under a placement's rules, or null when it earns nothing. */
export function contributionOf(event: RewardingEvent, spec: RewardSpec): RewardContribution | null {
  if (!isRewardType(event.type)) return null;
  const weight = spec.weights[event.type];
  const money = event.type === 'PURCHASE' ? spec.valueWeight * (event.value?.amountMinor ?? 0) : 0;
  if (weight === undefined && money === 0 && event.type !== 'REFUND') return null;
  const { eventId, occurredAt, value } = event;
  return {
    eventId,
    type: event.type,
    occurredAt,
    base: weight ?? 0,
    money,
    amountMinor: value?.amountMinor ?? null,
    refundOf: refundedPurchaseOf(event),
  };
}

function refundedPurchaseOf({ type, properties }: RewardingEvent): string | null {
  const named = type === 'REFUND' ? properties?.['refundOf'] : null;
  return typeof named === 'string' ? named : null;
}

/**
 * The reward of one trial: a function of the set of its contributions, whatever order they came in. Refunds take their purchase back
 * first; what is left is aggregated by time of the event and held in `[min, max]`. With nothing left it is the default reward.
 */
export function rewardOfTrial(contributions: readonly RewardContribution[], spec: RewardSpec): number {
  const earned = afterRefunds([...contributions].sort(byTime));
  const first = earned[0];
  if (first === undefined) return spec.defaultReward;
  return Math.max(spec.min, Math.min(spec.max, aggregated(earned, first, spec)));
}

function aggregated(earned: readonly number[], first: number, spec: RewardSpec): number {
  switch (spec.aggregation) {
    case 'FIRST':
      return first;
    case 'LAST':
      return earned[earned.length - 1] ?? first;
    case 'MAX':
      return earned.reduce((a, b) => Math.max(a, b), first);
    case 'SUM':
      return earned.reduce((a, b) => a + b, 0);
    default:
      return assertNever(spec.aggregation);
  }
}

function byTime(a: RewardContribution, b: RewardContribution): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt - b.occurredAt;
  return a.eventId < b.eventId ? -1 : 1;
}

interface Purchase {
  readonly contribution: RewardContribution;
  /** Share of the money that was not refunded; 0 also takes the base away. */
  kept: number;
}

/** A refund that names no purchase takes back the latest that is still standing; one without an amount takes back all of it. */
function afterRefunds(sorted: readonly RewardContribution[]): readonly number[] {
  const purchases = sorted.filter(({ type }) => type === 'PURCHASE').map((contribution): Purchase => ({ contribution, kept: 1 }));
  for (const refund of sorted) {
    if (refund.type !== 'REFUND') continue;
    const target =
      purchases.find(({ contribution }) => contribution.eventId === refund.refundOf) ?? purchases.findLast(({ kept }) => kept > 0);
    if (target !== undefined) target.kept = Math.max(0, target.kept - refundedShare(refund, target.contribution));
  }
  const keptOf = new Map(purchases.map(({ contribution, kept }) => [contribution.eventId, kept]));
  return sorted.flatMap((contribution) => {
    if (contribution.type === 'REFUND') return contribution.base === 0 ? [] : [contribution.base];
    const kept = keptOf.get(contribution.eventId) ?? 1;
    return kept > 0 ? [contribution.base + contribution.money * kept] : [];
  });
}

function refundedShare(refund: RewardContribution, purchase: RewardContribution): number {
  if (refund.amountMinor === null || purchase.amountMinor === null || purchase.amountMinor <= 0) return 1;
  const share = refund.amountMinor / purchase.amountMinor;
  return share > 1 - 1e-9 ? 1 : share;
}
