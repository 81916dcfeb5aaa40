import { murmur3, type BannerId, type PlacementId, type VisitorHash } from '@vitrine/kernel';
import type { EligibleBanner, Placement } from '@vitrine/catalog';

const TWO_POW_MINUS_32 = 2 ** -32;

/**
 * Whether this visitor is held out of personalization in this placement: a stable hash, no draw, so no part of any propensity (D1).
 * A request without a visitor has nothing stable to be held out by.
 */
export function isHeldOut(visitor: VisitorHash | null, placementId: PlacementId, share: number): boolean {
  return visitor !== null && share > 0 && murmur3(`holdout:${placementId}:${visitor}`) * TWO_POW_MINUS_32 < share;
}

/** The order that held-out visitors see: the placement's fallback banners first, in their order, then the rest by id. */
export function fixedOrder(eligible: readonly EligibleBanner[], placement: Placement): readonly EligibleBanner[] {
  const rank = new Map<BannerId, number>(placement.fallbackBannerIds.map((id, index) => [id, index]));
  const rankOf = ({ banner }: EligibleBanner): number => rank.get(banner.id) ?? rank.size;
  return eligible.toSorted((a, b) => rankOf(a) - rankOf(b) || (a.banner.id < b.banner.id ? -1 : 1));
}
