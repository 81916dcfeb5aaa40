import type { PlacementId } from '@vitrine/kernel';
import type { LedgerReader, PolicyCatalog, PolicyStateStore } from './ledger.ports';

export interface FindPlacementsWithWorkDependencies {
  readonly ledger: LedgerReader;
  readonly states: PolicyStateStore;
  readonly policies: PolicyCatalog;
}

/** The sweep behind lost fold requests: placements with batches that have no number yet, or with a version behind its ledger. */
export class FindPlacementsWithWork {
  constructor(private readonly deps: FindPlacementsWithWorkDependencies) {}

  async execute(): Promise<readonly PlacementId[]> {
    const { ledger, states, policies } = this.deps;
    const found = new Set(await ledger.listUnsequenced());
    for (const [placementId, last] of await ledger.listLast()) {
      if (found.has(placementId)) continue;
      const versions = await policies.versionsToFold(placementId);
      const heads = await states.heads(versions.map(({ id }) => id));
      if (versions.some(({ id }) => (heads.get(id)?.cursor ?? 0) < last)) found.add(placementId);
    }
    return [...found];
  }
}
