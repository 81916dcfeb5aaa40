import { counterValueAt, foldCounter, mergeCounters } from './decayed-counter';
import { interestOf, provesShowing, type ProfileEvent } from './profile-event';
import type { BehaviouralFeatures, DecayedCounter } from './types';
import { mergeVisits, visitAt, type VisitHistory } from './visits';

/** Bounds that keep a profile small whatever a client sends; past them the weakest interest and the longest unseen campaign are forgotten. */
export const MAX_INTERESTS = 64;
export const MAX_EXPOSED_CAMPAIGNS = 64;
export const MAX_EXPOSURES = 20;

/** Something last seen, with its time. */
interface Latest {
  readonly value: string | null;
  readonly at: number | null;
}

/** Feature values while many events are added; never leaves this file. */
interface Draft {
  readonly interests: Map<string, DecayedCounter>;
  readonly exposures: Map<string, readonly number[]>;
  visits: VisitHistory;
  dwellMs: number;
  productViews: number;
  clicks: number;
  purchases: number;
  monetaryMinor: number;
  lastSeenAt: number | null;
  lastPurchaseAt: number | null;
  category: Latest;
  product: Latest;
}

/** What is known of somebody who did nothing yet. */
export function emptyFeatures(): BehaviouralFeatures {
  return {
    interests: {},
    dwellMs: 0,
    visits: 0,
    recentVisits: [],
    productViews: 0,
    clicks: 0,
    purchases: 0,
    monetaryMinor: 0,
    lastSeenAt: null,
    lastPurchaseAt: null,
    lastCategory: null,
    lastCategoryAt: null,
    lastProductId: null,
    lastProductAt: null,
    exposures: {},
  };
}

/** Features after one more event; the order in which events are applied does not matter (within the bounds above). */
export function applyEvent(features: BehaviouralFeatures, event: ProfileEvent): BehaviouralFeatures {
  return applyEvents(features, [event]);
}

/** `applyEvent` for many, copying once. */
export function applyEvents(features: BehaviouralFeatures, events: readonly ProfileEvent[]): BehaviouralFeatures {
  if (events.length === 0) return features;
  const draft = draftOf(features);
  for (const event of events) {
    addPresence(draft, event);
    addCounts(draft, event);
    addMoney(draft, event);
    addExposure(draft, event);
    addInterest(draft, event);
  }
  return featuresOf(draft);
}

/** The features of one person who was known as two. Commutative; associative within the bounds above. */
export function mergeFeatures(a: BehaviouralFeatures, b: BehaviouralFeatures): BehaviouralFeatures {
  const draft = draftOf(a);
  const other = draftOf(b);
  for (const [category, counter] of other.interests) {
    const mine = draft.interests.get(category);
    draft.interests.set(category, mine === undefined ? counter : mergeCounters(mine, counter));
  }
  for (const [campaign, times] of other.exposures)
    draft.exposures.set(campaign, newest([...(draft.exposures.get(campaign) ?? []), ...times]));
  draft.visits = mergeVisits(draft.visits, other.visits);
  draft.dwellMs += b.dwellMs;
  draft.productViews += b.productViews;
  draft.clicks += b.clicks;
  draft.purchases += b.purchases;
  draft.monetaryMinor += b.monetaryMinor;
  draft.lastSeenAt = latestTime(a.lastSeenAt, b.lastSeenAt);
  draft.lastPurchaseAt = latestTime(a.lastPurchaseAt, b.lastPurchaseAt);
  draft.category = latest(draft.category, other.category);
  draft.product = latest(draft.product, other.product);
  return featuresOf(draft);
}

/** Decayed interest in each category at `nowMs`, strongest first; equal ones by name. */
export function interestsAt(
  features: BehaviouralFeatures,
  nowMs: number,
): readonly { readonly category: string; readonly weight: number }[] {
  return Object.entries(features.interests)
    .map(([category, counter]) => ({ category, weight: counterValueAt(counter, nowMs) }))
    .sort((a, b) => b.weight - a.weight || (a.category < b.category ? -1 : 1));
}

/** Activated shows of a campaign in `[nowMs - windowMs, nowMs]`; at most `MAX_EXPOSURES` are remembered. */
export function exposuresWithin(
  features: BehaviouralFeatures,
  campaignId: string,
  window: { readonly nowMs: number; readonly windowMs: number },
): number {
  if (!Object.hasOwn(features.exposures, campaignId)) return 0;
  const from = window.nowMs - window.windowMs;
  return (features.exposures[campaignId] ?? []).filter((at) => at >= from).length;
}

function addPresence(draft: Draft, event: ProfileEvent): void {
  if (event.type === 'REFUND') return; // booked by a back office: the shopper need not be there
  draft.lastSeenAt = latestTime(draft.lastSeenAt, event.occurredAt);
  draft.visits = visitAt(draft.visits, event.occurredAt);
}

function addCounts(draft: Draft, { type, dwellMs }: ProfileEvent): void {
  if (type === 'CLICK') draft.clicks += 1;
  if (type === 'PRODUCT_VIEW') draft.productViews += 1;
  if (type === 'DWELL' || type === 'PAGE_LEAVE') draft.dwellMs += dwellMs ?? 0;
}

function addMoney(draft: Draft, { type, valueMinor, occurredAt }: ProfileEvent): void {
  if (type === 'REFUND') draft.monetaryMinor -= valueMinor ?? 0;
  if (type !== 'PURCHASE') return;
  draft.purchases += 1;
  draft.monetaryMinor += valueMinor ?? 0;
  draft.lastPurchaseAt = latestTime(draft.lastPurchaseAt, occurredAt);
}

function addExposure(draft: Draft, { type, campaignId, occurredAt }: ProfileEvent): void {
  if (campaignId === null || !provesShowing(type)) return;
  draft.exposures.set(campaignId, newest([...(draft.exposures.get(campaignId) ?? []), occurredAt]));
}

function addInterest(draft: Draft, event: ProfileEvent): void {
  const amount = interestOf(event.type);
  if (amount === 0) return;
  if (event.category !== null) {
    draft.interests.set(event.category, foldCounter(draft.interests.get(event.category) ?? null, amount, event.occurredAt));
    draft.category = latest(draft.category, { value: event.category, at: event.occurredAt });
  }
  if (event.productId !== null) draft.product = latest(draft.product, { value: event.productId, at: event.occurredAt });
}

function newest(times: readonly number[]): readonly number[] {
  return times.toSorted((a, b) => a - b).slice(-MAX_EXPOSURES);
}

function latestTime(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

/** The later one; at the same moment the greater text, so that the order of arrival cannot decide. */
function latest(a: Latest, b: Latest): Latest {
  if (a.at === null || b.at === null) return a.at === null ? b : a;
  if (a.at !== b.at) return a.at > b.at ? a : b;
  return (a.value ?? '') >= (b.value ?? '') ? a : b;
}

function draftOf(features: BehaviouralFeatures): Draft {
  return {
    interests: new Map(Object.entries(features.interests)),
    exposures: new Map(Object.entries(features.exposures)),
    visits: { recent: features.recentVisits, older: features.visits - features.recentVisits.length },
    dwellMs: features.dwellMs,
    productViews: features.productViews,
    clicks: features.clicks,
    purchases: features.purchases,
    monetaryMinor: features.monetaryMinor,
    lastSeenAt: features.lastSeenAt,
    lastPurchaseAt: features.lastPurchaseAt,
    category: { value: features.lastCategory, at: features.lastCategoryAt },
    product: { value: features.lastProductId, at: features.lastProductAt },
  };
}

function featuresOf(draft: Draft): BehaviouralFeatures {
  return {
    interests: strongest(draft.interests),
    dwellMs: draft.dwellMs,
    visits: draft.visits.older + draft.visits.recent.length,
    recentVisits: draft.visits.recent,
    productViews: draft.productViews,
    clicks: draft.clicks,
    purchases: draft.purchases,
    monetaryMinor: draft.monetaryMinor,
    lastSeenAt: draft.lastSeenAt,
    lastPurchaseAt: draft.lastPurchaseAt,
    lastCategory: draft.category.value,
    lastCategoryAt: draft.category.at,
    lastProductId: draft.product.value,
    lastProductAt: draft.product.at,
    exposures: lastShown(draft.exposures),
  };
}

/** Keys leave in alphabetical order: equal features are equal text, and objects of one shape share a hidden class in the cache. */
function sortedRecord<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function strongest(interests: ReadonlyMap<string, DecayedCounter>): Readonly<Record<string, DecayedCounter>> {
  const entries = [...interests];
  if (entries.length <= MAX_INTERESTS) return sortedRecord(entries);
  const now = Math.max(...entries.map(([, counter]) => counter.at));
  return sortedRecord(
    entries.sort(([x, a], [y, b]) => counterValueAt(b, now) - counterValueAt(a, now) || (x < y ? -1 : 1)).slice(0, MAX_INTERESTS),
  );
}

function lastShown(exposures: ReadonlyMap<string, readonly number[]>): Readonly<Record<string, readonly number[]>> {
  const entries = [...exposures];
  if (entries.length <= MAX_EXPOSED_CAMPAIGNS) return sortedRecord(entries);
  return sortedRecord(
    entries.sort(([x, a], [y, b]) => (b.at(-1) ?? 0) - (a.at(-1) ?? 0) || (x < y ? -1 : 1)).slice(0, MAX_EXPOSED_CAMPAIGNS),
  );
}
