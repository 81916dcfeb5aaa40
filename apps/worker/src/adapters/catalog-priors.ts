import type { IdentifyBanner } from '@vitrine/bandit';
import { canonicalJson, type CatalogReader, type CompiledCatalog, type Placement, type PolicyListing } from '@vitrine/catalog';
import { identitiesOf } from '@vitrine/delivery';
import type { FoldVersion, PriorCatalog, PriorPlacement } from '@vitrine/feedback';

export interface CatalogPriorsDeps {
  readonly reader: Pick<CatalogReader, 'listPlacements' | 'listPolicies'>;
  readonly catalog: { current(): Pick<CompiledCatalog, 'catalog'> };
}

/** What the catalogue tells priors: which placements reward alike, and which banners have something in common. */
export class CatalogPriors implements PriorCatalog {
  constructor(private readonly deps: CatalogPriorsDeps) {}

  async listPlacements(): Promise<readonly PriorPlacement[]> {
    const placements = await this.deps.reader.listPlacements();
    return Promise.all(
      placements.map(async ({ value }) => ({
        placementId: value.id,
        surface: value.surface,
        rewardScale: rewardScaleOf(value),
        versions: liveFirst(await this.deps.reader.listPolicies(value.id)),
      })),
    );
  }

  /** @throws DomainError DEPENDENCY_UNAVAILABLE before the catalogue was read: with no groups at all, a prior would mislead */
  async identities(): Promise<IdentifyBanner> {
    return identitiesOf(this.deps.catalog.current());
  }
}

/** What is rewarded and when it counts: mean rewards of placements that differ in it do not compare. */
function rewardScaleOf({ reward, activation }: Placement): string {
  return canonicalJson({ reward, activation });
}

function liveFirst({ versions, live }: PolicyListing): readonly FoldVersion[] {
  return [...versions.filter(({ number }) => number === live), ...versions.filter(({ number }) => number !== live)];
}
