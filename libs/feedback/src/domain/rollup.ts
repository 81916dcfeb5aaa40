import type { DeviceClass } from '@vitrine/catalog';
import type { BannerId, PlacementId, PolicyVersionId } from '@vitrine/kernel';
import type { CleanEvent } from './clean-event';
import type { Layer } from './types';

/** A visit that ends sooner on the page of its banner is a bounce. */
export const BOUNCE_MS = 10_000;
const MINUTE_MS = 60_000;

/** One row of counters. `partition` keeps concurrent writers apart; readers sum over it. */
export interface RollupKey {
  /**
   * Start of the minute of the *decision*, ms since the epoch: what a decision leads to is counted where the decision is, so that in
   * every range clicked trials never exceed trials.
   */
  readonly minute: number;
  readonly placementId: PlacementId;
  readonly bannerId: BannerId;
  readonly policyVersionId: PolicyVersionId;
  readonly layer: Layer;
  /** Null when the visitor has none. */
  readonly segmentId: string | null;
  readonly device: DeviceClass;
  readonly partition: number;
}

/** Whole numbers, each a sum. A counter that is absent is 0. */
export interface RollupCounters {
  /** Decisions that became trials by their placement's own proof of showing: the denominator of every rate. */
  readonly trials: number;
  /** Distinct decisions that were activated, rendered, seen. */
  readonly activations: number;
  readonly impressions: number;
  readonly viewableImpressions: number;
  /** Events, repeats included. */
  readonly clicks: number;
  readonly purchases: number;
  readonly refunds: number;
  readonly dismissals: number;
  readonly pageLeaves: number;
  /** Page leaves after less than 10 s. */
  readonly bounces: number;
  /** Money of purchases less money of refunds, in minor units of the deployment's currency. */
  readonly revenueMinor: number;
  /** Distinct trials with a click, with a purchase. */
  readonly clickedTrials: number;
  readonly convertedTrials: number;
}

export interface RollupIncrement {
  readonly key: RollupKey;
  readonly counters: Readonly<Partial<Record<keyof RollupCounters, number>>>;
}

/** The row's id: its key in one string, ordered by placement and minute. */
export function rollupId(key: RollupKey): string {
  const minute = String(key.minute / MINUTE_MS).padStart(9, '0');
  return [key.placementId, minute, key.bannerId, key.policyVersionId, key.layer, key.segmentId ?? '', key.device, key.partition].join('|');
}

export const minuteOf = (timeMs: number): number => Math.floor(timeMs / MINUTE_MS) * MINUTE_MS;

/** What one event adds; null for an event that belongs to no decision. */
export function rollupIncrementOf({ event, decision, identity, device, partition, effects }: CleanEvent): RollupIncrement | null {
  if (decision === null) return null;
  const key: RollupKey = {
    minute: minuteOf(decision.decidedAt),
    placementId: decision.placementId,
    bannerId: decision.bannerId,
    policyVersionId: decision.policyVersionId,
    layer: decision.layer,
    segmentId: identity?.segmentId ?? null,
    device,
    partition,
  };
  const money = event.value?.amountMinor ?? 0;
  const one = (condition: boolean): number => (condition ? 1 : 0);
  const counters: Partial<Record<keyof RollupCounters, number>> = {
    trials: one(effects.activatedTrial),
    activations: one(effects.proven.includes('ACTIVATION')),
    impressions: one(effects.proven.includes('IMPRESSION')),
    viewableImpressions: one(effects.proven.includes('VIEWABLE_IMPRESSION')),
    clicks: one(event.type === 'CLICK'),
    purchases: one(event.type === 'PURCHASE'),
    refunds: one(event.type === 'REFUND'),
    dismissals: one(event.type === 'DISMISS'),
    pageLeaves: one(event.type === 'PAGE_LEAVE'),
    bounces: one(event.type === 'PAGE_LEAVE' && event.dwellMs !== null && event.dwellMs < BOUNCE_MS),
    revenueMinor: event.type === 'PURCHASE' ? money : event.type === 'REFUND' ? -money : 0,
    clickedTrials: one(effects.clickedTrial),
    convertedTrials: one(effects.convertedTrial),
  };
  return { key, counters: Object.fromEntries(Object.entries(counters).filter(([, count]) => count !== 0)) };
}

/** Adds increments of the same row together, so that a chunk writes each row once. */
export function mergeIncrements(increments: readonly RollupIncrement[]): readonly RollupIncrement[] {
  const merged = new Map<string, RollupIncrement>();
  for (const { key, counters } of increments) {
    const id = rollupId(key);
    const sums: Record<string, number> = { ...merged.get(id)?.counters };
    for (const [name, count] of Object.entries(counters)) sums[name] = (sums[name] ?? 0) + count;
    merged.set(id, { key, counters: sums });
  }
  return [...merged.values()].filter(({ counters }) => Object.keys(counters).length > 0);
}
