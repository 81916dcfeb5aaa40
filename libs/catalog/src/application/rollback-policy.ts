import { placementId, policyVersionId, type Clock } from '@vitrine/kernel';
import { rolledBackPointer } from '../domain/policy-pointer';
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

  /** @throws DomainError UNKNOWN_PLACEMENT, or UNKNOWN_POLICY when there is no earlier version */
  async execute(request: RollbackPolicyRequest): Promise<PolicyVersion> {
    const id = placementId(request.placementId);
    const at = this.deps.clock.now();
    const { value } = await changeCatalog(this.deps, id, async (transaction) => {
      await requirePlacement(transaction, id);
      const pointer = rolledBackPointer(id, await transaction.findPointer(id), { at, by: request.by });
      await transaction.savePointer(pointer);
      return transaction.getPolicyVersion(policyVersionId(id, pointer.liveNumber));
    });
    return value;
  }
}
