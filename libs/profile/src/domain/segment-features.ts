import { interestsAt, visitsOf } from './behavioural-features';
import type { Profile } from './types';

const DAY_MS = 24 * 60 * 60 * 1000;
const LONGEST_DAYS = 365;
/** A product view's worth of interest that has faded for about sixty days. */
const FAINTEST_INTEREST = 0.05;

/** Meaning of each position of `encodeSegmentFeatures`; models record it, so a name never changes its meaning. */
export const SEGMENT_FEATURE_NAMES = [
  'logRecencyDays',
  'logPurchaseRecencyDays',
  'logFrequency',
  'logMonetary',
  'logVisits',
  'logDwellSeconds',
  'logProductViews',
  'logClicks',
  'logInterests',
  'topInterestShare',
  'logViewsPerVisit',
  'logDwellSecondsPerVisit',
  'purchasesPerVisit',
  'logExposures',
  'hourOfDaySin',
  'hourOfDayCos',
] as const;

/**
 * A profile as a row for segment models: skewed amounts as log(1 + x), money in whole units of 100 minor ones, recency in days capped
 * at a year (also where it never happened), the UTC hour of the last visit as a point on a circle.
 *
 * @returns shape [SEGMENT_FEATURE_NAMES.length], all finite
 */
export function encodeSegmentFeatures(profile: Pick<Profile, 'features'>, nowMs: number): Float64Array {
  const { features } = profile;
  const { visit, engagement, purchase, exposure } = features;
  const came = visitsOf(features);
  const visits = Math.max(1, came);
  const dwellSeconds = engagement.dwellMs / 1000;
  const interests = interestsAt(features, nowMs).filter(({ weight }) => weight >= FAINTEST_INTEREST);
  const total = interests.reduce((sum, { weight }) => sum + weight, 0);
  const exposures = exposure.campaigns.reduce((sum, { at }) => sum + at.length, 0);
  const angle = visit.lastSeenAt === null ? null : (2 * Math.PI * (visit.lastSeenAt % DAY_MS)) / DAY_MS;
  return Float64Array.of(
    Math.log1p(daysSince(visit.lastSeenAt, nowMs)),
    Math.log1p(daysSince(purchase.lastPurchaseAt, nowMs)),
    Math.log1p(purchase.purchases),
    Math.log1p(Math.max(0, purchase.monetaryMinor) / 100),
    Math.log1p(came),
    Math.log1p(dwellSeconds),
    Math.log1p(engagement.productViews),
    Math.log1p(engagement.clicks),
    Math.log1p(interests.length),
    total === 0 ? 0 : (interests[0]?.weight ?? 0) / total,
    Math.log1p(engagement.productViews / visits),
    Math.log1p(dwellSeconds / visits),
    Math.min(1, purchase.purchases / visits),
    Math.log1p(exposures),
    angle === null ? 0 : Math.sin(angle),
    angle === null ? 0 : Math.cos(angle),
  );
}

function daysSince(at: number | null, nowMs: number): number {
  return at === null ? LONGEST_DAYS : Math.min(LONGEST_DAYS, Math.max(0, nowMs - at) / DAY_MS);
}
