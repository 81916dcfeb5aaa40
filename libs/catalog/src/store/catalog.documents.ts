import type { PolicySpec } from '@vitrine/bandit';
import type { FeatureSpec, FrequencyCap, Placement, RewardSpec, Size } from '../domain/types';
import type { PointerMove } from '../domain/policy-pointer';

/** Common to every configured object: the catalogue revision that last changed it. */
interface Revised {
  readonly _id: string;
  readonly revision: number;
}

export interface PlacementDoc extends Revised {
  readonly surface: Placement['surface'];
  readonly name: string;
  readonly slots: number;
  readonly sizes: Readonly<Record<string, readonly Size[]>>;
  readonly activation: Placement['activation'];
  readonly reward: RewardSpec;
  readonly attributionWindowMs: number;
  readonly fallbackBannerIds: readonly string[];
  readonly holdoutShare: number;
}

export interface DayPartDoc {
  readonly weekdays: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
}

export interface CampaignDoc extends Revised {
  readonly name: string;
  readonly goal: string | null;
  readonly placementIds: readonly string[];
  readonly enabled: boolean;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly timeZone: string;
  readonly dayParts: readonly DayPartDoc[];
  readonly audience: string | null;
  readonly tier: number;
  readonly frequencyCap: FrequencyCap | null;
  readonly pacing: number;
}

export interface CreativeDoc {
  readonly id: string;
  readonly media: 'IMAGE' | 'VIDEO' | 'HTML' | 'TEXT';
  readonly width: number;
  readonly height: number;
  readonly devices: readonly ('MOBILE' | 'TABLET' | 'DESKTOP' | 'TV' | 'OTHER')[];
  readonly locale: string | null;
  readonly altText: string;
  readonly url: string;
}

export interface BannerDoc extends Revised {
  readonly campaignId: string;
  readonly name: string;
  readonly landingUrl: string;
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly priceBand: string | null;
  readonly enabled: boolean;
  readonly creatives: readonly CreativeDoc[];
}

/** Written once, never changed. `_id` is `<placement>@<number>`. */
export interface PolicyVersionDoc {
  readonly _id: string;
  readonly placementId: string;
  readonly number: number;
  /** Without `sticky` where it is off, and in versions of before there was such a thing. */
  readonly policy: PolicySpec;
  readonly features: readonly FeatureSpec[];
  readonly dimension: number;
  readonly featureSchema: number;
  readonly createdAt: Date;
  readonly createdBy: string;
}

export interface PointerMoveDoc extends Omit<PointerMove, 'at'> {
  readonly at: Date;
}

/** `_id` is the placement's. */
export interface PolicyPointerDoc {
  readonly _id: string;
  readonly liveNumber: number;
  readonly lastNumber: number;
  readonly history: readonly PointerMoveDoc[];
}

/** One document: the revision of the whole catalogue. */
export interface CatalogHeadDoc {
  readonly _id: 'catalog';
  readonly revision: number;
}
