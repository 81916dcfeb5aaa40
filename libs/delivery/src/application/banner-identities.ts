import type { ArmIdentity, IdentifyBanner } from '@vitrine/bandit';
import { bannerGroups, type Banner, type CompiledCatalog, type Stored } from '@vitrine/catalog';
import type { BannerId } from '@vitrine/kernel';
import type { PastIdentities } from './ports';

/** Who the banners of a catalogue are; one that is gone belongs to no group. */
export function identitiesOf({ catalog }: Pick<CompiledCatalog, 'catalog'>): IdentifyBanner {
  return identify(Array.from(catalog.banners.values()));
}

export interface StoredBanners {
  /** Those of the ids that exist, each with the catalogue revision that last changed it. */
  findBanners(ids: readonly BannerId[]): Promise<readonly Stored<Banner>[]>;
}

/**
 * Who banners were, told from what is stored now: that is as good as long as none of them changed since. A gateway's own copy of the
 * catalogue would not do, since it may be older than the decision. What a banner's campaign is called or allowed does not enter into it.
 */
export class StoredIdentities implements PastIdentities {
  constructor(private readonly banners: StoredBanners) {}

  async at(ids: readonly BannerId[], catalogRevision: number): Promise<IdentifyBanner | null> {
    const stored = await this.banners.findBanners(ids);
    return stored.some(({ revision }) => revision > catalogRevision) ? null : identify(stored.map(({ value }) => value));
  }
}

function identify(banners: readonly Banner[]): IdentifyBanner {
  const identities = new Map<BannerId, ArmIdentity>(banners.map((banner) => [banner.id, { id: banner.id, groups: bannerGroups(banner) }]));
  return (id) => identities.get(id) ?? { id, groups: [] };
}
