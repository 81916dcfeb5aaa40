import { placementId } from '@vitrine/kernel';
import { validatePlacement } from '../domain/placement.validation';
import type { Placement, RewardSpec } from '../domain/types';
import { changeCatalog, checkRevision, type CatalogChangeDeps } from './catalog-change';
import { patched, patchedMandatory, type Patch } from './patch';
import type { Stored } from './ports';

export interface PlacementPatch extends Patch<Omit<Placement, 'id'>> {
  readonly id: string;
  /** The revision that the caller saw; see `checkRevision`. */
  readonly expectedRevision?: number | null | undefined;
}

const DAY_MS = 86_400_000;
/** One click earns 1. */
const CLICK_REWARD: RewardSpec = { weights: { CLICK: 1 }, valueWeight: 0, aggregation: 'FIRST', defaultReward: 0, min: 0, max: 1 };

/** Creates or changes a placement. A new one needs `surface` and `name`. */
export class UpsertPlacement {
  constructor(private readonly deps: CatalogChangeDeps) {}

  /** @throws DomainError BAD_USER_INPUT, UNKNOWN_BANNER or STALE_WRITE */
  execute(patch: PlacementPatch): Promise<Stored<Placement>> {
    const id = placementId(patch.id);
    return changeCatalog(this.deps, id, async (transaction) => {
      const current = await transaction.findPlacement(id);
      checkRevision(current, patch.expectedRevision);
      const placement = patchPlacement(current?.value, { ...patch, id });
      validatePlacement(placement, await transaction.existingBanners(placement.fallbackBannerIds));
      await transaction.savePlacement(placement);
      return placement;
    });
  }
}

function patchPlacement(current: Placement | undefined, patch: PlacementPatch & Pick<Placement, 'id'>): Placement {
  return {
    id: patch.id,
    surface: patchedMandatory('surface', patch.surface, current?.surface),
    name: patchedMandatory('name', patch.name, current?.name),
    slots: patched(patch.slots, current?.slots, 1),
    sizes: patched(patch.sizes, current?.sizes, {}),
    activation: patched(patch.activation, current?.activation, 'IMPRESSION'),
    reward: patched(patch.reward, current?.reward, CLICK_REWARD),
    attributionWindowMs: patched(patch.attributionWindowMs, current?.attributionWindowMs, DAY_MS),
    fallbackBannerIds: patched(patch.fallbackBannerIds, current?.fallbackBannerIds, []),
    holdoutShare: patched(patch.holdoutShare, current?.holdoutShare, 0),
  };
}
