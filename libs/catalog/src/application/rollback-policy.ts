import { placementId, policyVersionId, type Clock } from '@vitrine/kernel';
import { rolledBackPointer } from '../domain/policy-pointer';
import { checkRewardRange } from '../domain/policy-rewards';
import type { PolicyVersion } from '../domain/types';
import { changeCatalog, type CatalogChangeDeps } from './catalog-change';
import { requirePlacement } from './publish-policy';

export interface RollbackPolicyDeps extends CatalogChangeDeps {
  readonly clock: Clock;
}

export interface RollbackPolicyRequest {
  readonly placementId: string;
  readonly by: string;
}

/** Makes the version that was live before live again; its learned state catches up from the ledger. */
export class RollbackPolicy {
  constructor(private readonly deps: RollbackPolicyDeps) {}

  /**
   * @throws DomainError UNKNOWN_PLACEMENT, UNKNOWN_POLICY when there is no earlier version, or BAD_USER_INPUT when that version takes rewards
   * in [0, 1] only and the placement's have moved out of it since
   */
  async execute(request: RollbackPolicyRequest): Promise<PolicyVersion> {
    const id = placementId(request.placementId);
    const at = this.deps.clock.now();
    const { value } = await changeCatalog(this.deps, id, async (transaction) => {
      const { reward } = await requirePlacement(transaction, id);
      const pointer = rolledBackPointer(id, await transaction.findPointer(id), { at, by: request.by });
      const version = await transaction.getPolicyVersion(policyVersionId(id, pointer.liveNumber));
      checkRewardRange(version.policy, reward);
      await transaction.savePointer(pointer);
      return version;
    });
    return value;
  }
}
