import { DomainError, placementId, policyVersionId } from '@vitrine/kernel';
import { findUnitPolicy, staysInUnit } from '../domain/policy-rewards';
import { validatePlacement } from '../domain/placement.validation';
import type { Placement, RewardSpec } from '../domain/types';
import { changeCatalog, checkRevision, type CatalogChangeDeps } from './catalog-change';
import { patched, patchedMandatory, type Patch } from './patch';
import type { CatalogTransaction, Stored } from './ports';

export interface PlacementPatch extends Patch<Omit<Placement, 'id'>> {
  readonly id: string;
  /** The revision that the caller saw; see `checkRevision`. */
  readonly expectedRevision?: number | null | undefined;
}

const DAY_MS = 86_400_000;
/** One click earns 1. */
const CLICK_REWARD: RewardSpec = { weights: { CLICK: 1 }, valueWeight: 0, aggregation: 'FIRST', defaultReward: 0, min: 0, max: 1 };

/**
 * Creates or changes a placement. A new one needs `surface` and `name`.
 *
 * Rewards cannot leave [0, 1] while the live policy takes no others. Versions that one could roll back to do not hold the bounds fast: they
 * would for ever, since publishing never takes a version off the way back. Rolling back to such a version is refused instead.
 */
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
      if (current !== null && staysInUnit(current.value.reward)) await checkLivePolicy(transaction, placement);
      await transaction.savePlacement(placement);
      return placement;
    });
  }
}

/** @throws DomainError BAD_USER_INPUT when the live policy takes rewards in [0, 1] only and the placement's may leave it */
async function checkLivePolicy(transaction: CatalogTransaction, { id, reward }: Placement): Promise<void> {
  if (staysInUnit(reward)) return;
  const pointer = await transaction.findPointer(id);
  if (pointer === null) return;
  const live = await transaction.getPolicyVersion(policyVersionId(id, pointer.liveNumber));
  const unit = findUnitPolicy(live.policy);
  if (unit === null) return;
  const field = reward.min < 0 ? 'reward.min' : 'reward.max';
  throw new DomainError('BAD_USER_INPUT', `${field} leaves [0, 1], which is all that the live policy ${unit.name} takes`, {
    details: { field, policyVersionId: live.id },
  });
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
