import { chooseCreative, localeChain } from './creative-choice';
import type { Candidate, CompiledPlacement, OfferCache, Offers } from './compiled-catalog';
import type { DeviceClass } from './types';

export interface OfferRequest {
  readonly device: DeviceClass;
  /** Of `knownLocale`. */
  readonly locale: string;
}

export function candidateOffers({ candidates, candidateOffers: cache, placement }: CompiledPlacement, request: OfferRequest): Offers {
  return kept(cache, request, () => offersOf(candidates, { ...request, sizes: placement.sizes }));
}

/** Pacing never holds a fallback back, so its pass-through probability is 1. */
export function fallbackOffers({ fallbacks, fallbackOffers: cache, placement }: CompiledPlacement, request: OfferRequest): Offers {
  return kept(cache, request, () =>
    offersOf(fallbacks, { ...request, sizes: placement.sizes }).flatMap((offer) => (offer === null ? [] : [{ ...offer, pacing: 1 }])),
  );
}

function kept(cache: OfferCache, { device, locale }: OfferRequest, make: () => Offers): Offers {
  let byLocale = cache.get(device);
  if (byLocale === undefined) cache.set(device, (byLocale = new Map()));
  let offers = byLocale.get(locale);
  if (offers === undefined) byLocale.set(locale, (offers = make()));
  return offers;
}

function offersOf(
  candidates: readonly Candidate[],
  { device, locale, sizes }: OfferRequest & Pick<CompiledPlacement['placement'], 'sizes'>,
): Offers {
  const demand = { sizes, device, locales: localeChain(locale) };
  return candidates.map(({ banner, campaign }) => {
    const creative = chooseCreative(banner.creatives, demand);
    return creative === null ? null : { banner, creative, pacing: campaign.campaign.pacing };
  });
}
