import { REWARD_EVENT_TYPES, rewardOf, type RewardContribution, type RewardEventType } from '@vitrine/bandit';
import type { Placement } from '@vitrine/catalog';
import type { IncomingEvent } from './types';

/**
 * What a trial keeps of an event that could earn a reward: the facts, not their worth, so that a reward function of tomorrow, or one that
 * is only tried offline, can read the same trial.
 */
export interface RewardEvent {
  readonly eventId: string;
  readonly type: RewardEventType;
  /** ms since the epoch, by the client's clock. */
  readonly occurredAt: number;
  /** Minor units of money; null when the event named none. */
  readonly amountMinor: number | null;
  /** REFUND: the event id of the purchase it takes back, when it says so (`properties.refundOf`). */
  readonly refundOf: string | null;
}

/** What gives the events of one trial their worth. */
export type RewardRules = Pick<Placement, 'reward' | 'attributionWindowMs'>;

type RewardingEvent = Pick<IncomingEvent, 'eventId' | 'type' | 'occurredAt' | 'value' | 'properties'>;

const isRewardType = (type: string): type is RewardEventType => REWARD_EVENT_TYPES.some((known) => known === type);

/** Null for an event of a type that no reward function knows. */
export function rewardEventOf(event: RewardingEvent): RewardEvent | null {
  const { eventId, type, occurredAt, value } = event;
  if (!isRewardType(type)) return null;
  return { eventId, type, occurredAt, amountMinor: value?.amountMinor ?? null, refundOf: refundedPurchaseOf(event) };
}

function refundedPurchaseOf({ type, properties }: RewardingEvent): string | null {
  const named = type === 'REFUND' ? properties?.['refundOf'] : null;
  return typeof named === 'string' ? named : null;
}

/**
 * The reward of one trial under some rules: those in force (then it is the sum of the trial's ledger entries) or any others (then it is
 * what the trial would have earned). Depends on the set of the events, not on the order they came in.
 */
export function rewardOfTrial(
  trial: { readonly contributions: readonly RewardEvent[]; readonly decidedAt: number },
  { reward, attributionWindowMs }: RewardRules,
): number {
  const contributions = trial.contributions.map((event): RewardContribution => {
    const { eventId, type, occurredAt, amountMinor, refundOf } = event;
    return { eventId, type, delayMs: occurredAt - trial.decidedAt, amountMinor, refundOf };
  });
  return rewardOf(contributions, reward, attributionWindowMs);
}
