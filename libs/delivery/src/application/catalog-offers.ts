import type { PlacementId } from '@vitrine/kernel';
import { eligibility, fallback, openEligibilityPage, type CompiledCatalog } from '@vitrine/catalog';
import type { Offers, OfferSource } from './ports';

/** Offers of a compiled catalogue; made once per catalogue. @param current null until the catalogue was read once */
export function offersFromCatalog(current: () => CompiledCatalog | null): OfferSource {
  let known: CompiledCatalog | null = null;
  let offers: Offers | null = null;
  return {
    current() {
      const compiled = current();
      if (compiled !== known) {
        known = compiled;
        offers = compiled === null ? null : offersOf(compiled);
      }
      return offers;
    },
  };
}

function offersOf(compiled: CompiledCatalog): Offers {
  return {
    revision: compiled.revision,
    placement: (id: PlacementId) => compiled.placements.get(id)?.placement ?? null,
    hasPolicy: (id) => compiled.catalog.livePolicies.has(id),
    openPage() {
      const page = openEligibilityPage(compiled);
      return {
        eligibility: (id, request) => eligibility(compiled, id, request, page),
        fallback: (id, device, locale) => fallback(compiled, id, device, locale),
      };
    },
  };
}
