import { DomainError, type PlacementId } from '@vitrine/kernel';
import { knownLocale, type CompiledCatalog } from './compiled-catalog';
import { fallbackOffers } from './offers';
import type { DeviceClass, EligibleBanner } from './types';

/**
 * What a placement shows when nothing better can be decided: its fallback banners in their order, those that are enabled (and whose
 * campaign is) and have a creative that fits. Flight, day-parts, audience, caps, pacing and tier are not asked: this is the last step of
 * the ladder, so give it banners that may always be seen.
 *
 * @throws DomainError UNKNOWN_PLACEMENT
 */
export function fallback(
  compiled: CompiledCatalog,
  id: PlacementId,
  device: DeviceClass,
  locale: string | null,
): readonly EligibleBanner[] {
  const target = compiled.placements.get(id);
  if (target === undefined) throw new DomainError('UNKNOWN_PLACEMENT', undefined, { details: { placementId: id } });
  const offers = fallbackOffers(target, { device, locale: knownLocale(compiled, locale) });
  return offers.filter((offer) => offer !== null);
}
