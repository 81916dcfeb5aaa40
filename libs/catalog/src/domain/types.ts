import type { PolicySpec, RewardEventType, RewardFunction } from '@vitrine/bandit';
import type { BannerId, CampaignId, PlacementId, PolicyVersionId } from '@vitrine/kernel';

export const SURFACES = ['HOMEPAGE', 'PRODUCT_DETAIL', 'PROMOTION', 'RECOMMENDATION', 'SEARCH', 'SOCIAL', 'CONTENT', 'VIDEO'] as const;
export type Surface = (typeof SURFACES)[number];
export const DEVICE_CLASSES = ['MOBILE', 'TABLET', 'DESKTOP', 'TV', 'OTHER'] as const;
export type DeviceClass = (typeof DEVICE_CLASSES)[number];
export const MEDIA_TYPES = ['IMAGE', 'VIDEO', 'HTML', 'TEXT'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];
/** Which proof of showing turns a decision into a trial (D4). */
export const ACTIVATION_EVENTS = ['ACTIVATION', 'IMPRESSION', 'VIEWABLE_IMPRESSION'] as const;
export type ActivationEvent = (typeof ACTIVATION_EVENTS)[number];

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a context feature comes from. Profile sources are read only with the visitor's PERSONALIZATION consent. */
export type FeatureSource =
  | { readonly kind: 'context'; readonly field: 'device' | 'locale' | 'category' | 'hourOfDay' | 'weekday' }
  /** `context.features[key]` of the request. */
  | { readonly kind: 'request'; readonly key: string }
  | { readonly kind: 'trait'; readonly key: string }
  /** Decayed interest share of one category. */
  | { readonly kind: 'interest'; readonly category: string }
  | { readonly kind: 'behaviour'; readonly name: 'visits' | 'purchases' | 'recencyDays' | 'monetaryValue' | 'dwellSeconds' }
  | { readonly kind: 'segment' }
  /**
   * One coordinate of the visitor in the live segment model, counted from 0: about in standard deviations, mean 0. The coordinates of the next
   * model are turned to run along these, as far as they can; not known where a model has no such coordinate.
   */
  | { readonly kind: 'embedding'; readonly component: number };

export type FeatureEncoding =
  /** One dimension per value, in order; an unlisted value lights none. */
  | { readonly kind: 'onehot'; readonly values: readonly string[] }
  /** `(x - center) / scale`. */
  | { readonly kind: 'numeric'; readonly center: number; readonly scale: number }
  /** One of `buckets` dimensions by murmur3 of `value`. */
  | { readonly kind: 'hash'; readonly buckets: number };

export interface FeatureSpec {
  readonly name: string;
  readonly source: FeatureSource;
  readonly encoding: FeatureEncoding;
}

/** How events become rewards in one placement; a LINEAR delay discount ends with the placement's attribution window. */
export type RewardSpec = RewardFunction;
export type { RewardEventType };

export interface Placement {
  readonly id: PlacementId;
  readonly surface: Surface;
  readonly name: string;
  readonly slots: number;
  /** Sizes a creative may have, per device class; a class that is absent accepts every size. */
  readonly sizes: Readonly<Partial<Record<DeviceClass, readonly Size[]>>>;
  readonly activation: ActivationEvent;
  readonly reward: RewardSpec;
  /** Longest delay from decision to reward event. */
  readonly attributionWindowMs: number;
  /** Shown, in this order, when nothing better can be decided. */
  readonly fallbackBannerIds: readonly BannerId[];
  /** Share of visitors, by hash, that always get layer HOLDOUT (fixed order, no personalization). In [0, 1]. */
  readonly holdoutShare: number;
}

export interface Creative {
  readonly id: string;
  readonly media: MediaType;
  readonly width: number;
  readonly height: number;
  /** Empty: every device. */
  readonly devices: readonly DeviceClass[];
  /** BCP 47; null serves every locale. */
  readonly locale: string | null;
  readonly altText: string;
  readonly url: string;
}

export interface Banner {
  readonly id: BannerId;
  readonly campaignId: CampaignId;
  readonly name: string;
  readonly landingUrl: string;
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly priceBand: string | null;
  readonly enabled: boolean;
  readonly creatives: readonly Creative[];
}

/** Half-open, in minutes from local midnight of the campaign's time zone. `weekdays`: 1 Monday .. 7 Sunday; empty means every day. */
export interface DayPart {
  readonly weekdays: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** At most `limit` activated shows of the campaign's banners to one visitor per `windowMs`. */
export interface FrequencyCap {
  readonly limit: number;
  readonly windowMs: number;
}

export interface Campaign {
  readonly id: CampaignId;
  readonly name: string;
  readonly goal: string | null;
  readonly placementIds: readonly PlacementId[];
  readonly enabled: boolean;
  /** Half-open flight `[startsAt, endsAt)`, ms; null is open. */
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  readonly timeZone: string;
  readonly dayParts: readonly DayPart[];
  /** CEL over `context`, `features`, `traits`, `segment`, `device`, `locale`; null admits everybody. */
  readonly audience: string | null;
  /** Lower wins: only the best tier that has a banner is offered to the policy. */
  readonly tier: number;
  readonly frequencyCap: FrequencyCap | null;
  /** Share of requests that the campaign takes part in, drawn from the decision's seed. In (0, 1]. */
  readonly pacing: number;
}

/** Immutable. `features` and `dimension` fix what its contexts mean. */
export interface PolicyVersion {
  readonly id: PolicyVersionId;
  readonly placementId: PlacementId;
  readonly number: number;
  readonly policy: PolicySpec;
  readonly features: readonly FeatureSpec[];
  /** Length of the encoded context: 1 (bias) + the encodings' lengths; 0 for a policy that reads none. At most 256. */
  readonly dimension: number;
  /** murmur3 of the canonical JSON of `features`: contexts of ledger entries are comparable only under equal schemas. */
  readonly featureSchema: number;
  readonly createdAt: number;
  readonly createdBy: string;
}

/** Everything configured, at one catalogue revision; immutable. */
export interface Catalog {
  readonly revision: number;
  readonly placements: ReadonlyMap<PlacementId, Placement>;
  readonly campaigns: ReadonlyMap<CampaignId, Campaign>;
  readonly banners: ReadonlyMap<BannerId, Banner>;
  /** The live version of each placement. */
  readonly livePolicies: ReadonlyMap<PlacementId, PolicyVersion>;
}

/** Why a banner is not in the eligible set. */
export const REJECTION_REASONS = [
  'BANNER_DISABLED',
  'CAMPAIGN_DISABLED',
  'BEFORE_FLIGHT',
  'AFTER_FLIGHT',
  'OUTSIDE_DAY_PART',
  'AUDIENCE',
  'NO_CREATIVE',
  'FREQUENCY_CAP',
  'PACING',
  'LOWER_TIER',
  'EXCLUDED',
  'ALREADY_ON_PAGE',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** What eligibility may know of one request; absent profile values are empty. */
export interface EligibilityRequest {
  readonly nowMs: number;
  readonly device: DeviceClass;
  readonly locale: string | null;
  readonly context: { readonly category: string | null; readonly productId: string | null; readonly url: string | null };
  readonly features: Readonly<Record<string, string | number | boolean>>;
  readonly traits: Readonly<Record<string, string | number | boolean>>;
  readonly segment: string | null;
  /** Activated shows of a campaign to this visitor within the cap's window, as far as the profile knows. */
  exposures(campaignId: CampaignId, windowMs: number): number;
  /** One uniform draw per campaign from the decision's seed. */
  pacingDraw(campaignId: CampaignId): number;
  readonly excludedBannerIds: ReadonlySet<string>;
}

export interface EligibleBanner {
  readonly banner: Banner;
  readonly creative: Creative;
  /** The campaign's pass-through probability that this banner survived. */
  readonly pacing: number;
}

export interface Eligibility {
  readonly eligible: readonly EligibleBanner[];
  readonly rejected: readonly { readonly bannerId: BannerId; readonly reason: RejectionReason }[];
}
