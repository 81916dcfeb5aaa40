import type { CampaignId, PlacementId } from '@vitrine/kernel';
import type { AudienceProgram } from './audience';
import { localeChain } from './creative-choice';
import type { LocalTime } from './local-time';
import type { Banner, Campaign, Catalog, DeviceClass, Eligibility, EligibleBanner, Placement } from './types';

/** A campaign as decisions read it. `failures` is the one thing that changes: a count of what its rule could not handle. */
export interface CompiledCampaign {
  /** Position in `CompiledCatalog.campaigns`. */
  readonly ordinal: number;
  readonly campaign: Campaign;
  /** Null admits everybody. */
  readonly audience: AudienceProgram | null;
  /** Null when no moment is inside the campaign's day-parts because its time zone is unknown. */
  readonly localTime: LocalTime | null;
  failures: number;
}

export type Rejection = Eligibility['rejected'][number];

/** A banner that a placement may show. */
export interface Candidate {
  readonly banner: Banner;
  readonly campaign: CompiledCampaign;
  /** By index into `REJECTION_REASONS`: made once, so that a decision allocates no object per rejected banner. */
  readonly rejections: readonly Rejection[];
}

/** What each candidate shows to one device class and locale; null where no creative fits. */
export type Offers = readonly (EligibleBanner | null)[];

/**
 * Offers depend on device class and locale only, so they are made once for each pair that occurs. Requests choose the pair, but only
 * locales that the catalogue itself names come this far: the cache cannot be filled from outside.
 */
export type OfferCache = Map<DeviceClass, Map<string, Offers>>;

export interface CompiledPlacement {
  readonly placement: Placement;
  /** In banner id order. */
  readonly candidates: readonly Candidate[];
  /** In the order of the placement, without those that are disabled. */
  readonly fallbacks: readonly Candidate[];
  /** What every candidate would show, per device class and known locale. */
  readonly candidateOffers: OfferCache;
  readonly fallbackOffers: OfferCache;
}

/** Something stored that validation would refuse today; the campaign concerned shows nothing until it is mended. */
export interface CatalogFault {
  readonly campaignId: CampaignId;
  readonly field: 'audience' | 'timeZone';
  readonly message: string;
}

/** A catalogue prepared for decisions. Belongs to one thread; immutable but for caches and counters. */
export interface CompiledCatalog {
  readonly catalog: Catalog;
  readonly revision: number;
  readonly placements: ReadonlyMap<PlacementId, CompiledPlacement>;
  readonly campaigns: readonly CompiledCampaign[];
  /** Lower-case locales that some creative names. */
  readonly locales: ReadonlySet<string>;
  readonly faults: readonly CatalogFault[];
}

/** The most specific locale of the request's that any creative names, or '' when there is none: what offers are kept by. */
export function knownLocale(compiled: CompiledCatalog, locale: string | null): string {
  if (locale === null || compiled.locales.size === 0) return '';
  return localeChain(locale).find((tag) => compiled.locales.has(tag)) ?? '';
}

/** How often each campaign's rule could not handle a visitor, since this catalogue was compiled; campaigns without a failure are left out. */
export function audienceFailures(compiled: CompiledCatalog): ReadonlyMap<CampaignId, number> {
  const failed = compiled.campaigns.filter(({ failures }) => failures > 0);
  return new Map(failed.map(({ campaign, failures }) => [campaign.id, failures]));
}
