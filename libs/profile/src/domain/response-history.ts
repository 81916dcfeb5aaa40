import { emptyFeatures } from './features/feature-catalogue';
import type { ProfileEventType } from './profile-event';
import { encodeSegmentFeatures } from './segment-features';
import type { Purpose } from './types';
import { learnFrom, type LearnedEvent } from './unmerge';

type Learned = Pick<LearnedEvent, 'event' | 'purposes'>;

/** Doing one of these is a response: it shows that something that was shown, or found, was wanted. */
const RESPONSES: ReadonlySet<ProfileEventType> = new Set(['CLICK', 'ADD_TO_CART', 'PURCHASE']);

/** A person as they were when a window began, and whether they responded in it. */
export interface ResponseHistory {
  readonly features: Float64Array;
  readonly responded: boolean;
}

/** Features from those events only that may be used for the purpose: a grant does not reach back to what was learned before it. */
export function segmentFeaturesFor(learned: readonly Learned[], purpose: Purpose, asOf: number): Float64Array {
  const allowed = learned.filter(({ purposes, event }) => purposes.includes(purpose) && event.occurredAt < asOf);
  return encodeSegmentFeatures({ features: learnFrom(emptyFeatures(), allowed) }, asOf);
}

/**
 * What a person's events say of one window of time.
 *
 * @param window half-open, ms since the epoch
 * @returns null for somebody who did not come in it: nobody could respond to anything
 */
export function responseHistory(
  learned: readonly Learned[],
  purpose: Purpose,
  window: { readonly from: number; readonly until: number },
): ResponseHistory | null {
  const within = learned.filter(
    ({ purposes, event }) => purposes.includes(purpose) && event.occurredAt >= window.from && event.occurredAt < window.until,
  );
  if (within.length === 0) return null;
  return {
    features: segmentFeaturesFor(learned, purpose, window.from),
    responded: within.some(({ event }) => RESPONSES.has(event.type)),
  };
}
