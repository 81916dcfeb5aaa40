import type { ArmIdentity, IdentifyBanner } from '@vitrine/bandit';
import { bannerGroups, type CompiledCatalog } from '@vitrine/catalog';
import type { BannerId } from '@vitrine/kernel';

/** Who the banners of a catalogue are; one that is gone belongs to no group. */
export function identitiesOf({ catalog }: Pick<CompiledCatalog, 'catalog'>): IdentifyBanner {
  const identities = new Map<BannerId, ArmIdentity>();
  for (const banner of catalog.banners.values()) identities.set(banner.id, { id: banner.id, groups: bannerGroups(banner) });
  return (id) => identities.get(id) ?? { id, groups: [] };
}
