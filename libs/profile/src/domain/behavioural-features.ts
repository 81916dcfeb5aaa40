import { readTable } from './features/decayed-table';
import type { BehaviouralFeatures } from './features/feature-catalogue';
import { CATEGORY_INTEREST } from './features/interest.family';
import { findKeyed } from './features/keyed';
import { summaryOf } from './visits';

/** Decayed interest in each category at `nowMs`, strongest first; equal ones by name. */
export function interestsAt(
  { interest }: Pick<BehaviouralFeatures, 'interest'>,
  nowMs: number,
): readonly { readonly category: string; readonly weight: number }[] {
  return readTable(interest.categories, nowMs, CATEGORY_INTEREST).map(({ key, value }) => ({ category: key, weight: value }));
}

/** Activated shows of a campaign in `[nowMs - windowMs, nowMs]`; at most `MAX_EXPOSURES` are remembered. */
export function exposuresWithin(
  { exposure }: Pick<BehaviouralFeatures, 'exposure'>,
  campaignId: string,
  window: { readonly nowMs: number; readonly windowMs: number },
): number {
  const from = window.nowMs - window.windowMs;
  return (findKeyed(exposure.campaigns, campaignId)?.at ?? []).filter((at) => at >= from).length;
}

/** Times somebody came. */
export function visitsOf({ visit }: Pick<BehaviouralFeatures, 'visit'>): number {
  return summaryOf(visit.history).visits;
}
