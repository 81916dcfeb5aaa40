import { bannerId } from '@vitrine/kernel';
import { validateBanner } from '../domain/banner.validation';
import type { Banner } from '../domain/types';
import { changeCatalog, checkRevision, type CatalogChangeDeps } from './catalog-change';
import { patched, patchedMandatory, type Patch } from './patch';
import type { Stored } from './ports';

export interface BannerPatch extends Patch<Omit<Banner, 'id'>> {
  readonly id: string;
  /** The revision that the caller saw; see `checkRevision`. */
  readonly expectedRevision?: number | null | undefined;
}

/** Creates or changes a banner. A new one needs `campaignId`, `name` and `landingUrl`. */
export class UpsertBanner {
  constructor(private readonly deps: CatalogChangeDeps) {}

  /** @throws DomainError BAD_USER_INPUT, UNKNOWN_CAMPAIGN or STALE_WRITE */
  execute(patch: BannerPatch): Promise<Stored<Banner>> {
    const id = bannerId(patch.id);
    return changeCatalog(this.deps, id, async (transaction) => {
      const current = await transaction.findBanner(id);
      checkRevision(current, patch.expectedRevision);
      const banner = patchBanner(current?.value, { ...patch, id });
      validateBanner(banner, await transaction.existingCampaigns([banner.campaignId]));
      await transaction.saveBanner(banner);
      return banner;
    });
  }
}

function patchBanner(current: Banner | undefined, patch: BannerPatch & Pick<Banner, 'id'>): Banner {
  return {
    id: patch.id,
    campaignId: patchedMandatory('campaignId', patch.campaignId, current?.campaignId),
    name: patchedMandatory('name', patch.name, current?.name),
    landingUrl: patchedMandatory('landingUrl', patch.landingUrl, current?.landingUrl),
    category: patched<string | null>(patch.category, current?.category, null),
    tags: patched(patch.tags, current?.tags, []),
    priceBand: patched<string | null>(patch.priceBand, current?.priceBand, null),
    enabled: patched(patch.enabled, current?.enabled, true),
    creatives: patched(patch.creatives, current?.creatives, []),
  };
}
