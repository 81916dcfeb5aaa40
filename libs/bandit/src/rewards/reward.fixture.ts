import type { RewardContribution, RewardEventType, RewardFunction } from './reward-function';

export const HOUR_MS = 3_600_000;
export const WINDOW_MS = 24 * HOUR_MS;

export function aReward(over: Partial<RewardFunction> = {}): RewardFunction {
  return { weights: { CLICK: 1, PURCHASE: 5 }, valueWeight: 0, aggregation: 'SUM', defaultReward: 0, min: -100, max: 100, ...over };
}

export function aContribution(type: RewardEventType, delayMs: number, over: Partial<RewardContribution> = {}): RewardContribution {
  return { eventId: `${type}@${delayMs}`, type, delayMs, amountMinor: null, refundOf: null, ...over };
}
