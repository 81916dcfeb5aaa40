import type { PlacementId } from '@vitrine/kernel';
import type { PolicyHead } from '../domain/types';
import type { LedgerReader, PolicyCatalog, PolicyStateStore } from './ledger.ports';

export interface FindPlacementsWithWorkDependencies {
  readonly ledger: LedgerReader;
  readonly states: PolicyStateStore;
  readonly policies: PolicyCatalog;
}

/** The sweep behind lost fold requests: placements with batches that have no number yet, or with a version that has something to fold. */
export class FindPlacementsWithWork {
  constructor(private readonly deps: FindPlacementsWithWorkDependencies) {}

  async execute(): Promise<readonly PlacementId[]> {
    const { ledger, states, policies } = this.deps;
    const found = new Set(await ledger.listUnsequenced());
    for (const [placementId, last] of await ledger.listLast()) {
      if (found.has(placementId)) continue;
      const versions = await policies.versionsToFold(placementId);
      const heads = await states.heads(versions.map(({ id }) => id));
      if (versions.some(({ id }) => hasWork(heads.get(id), last))) found.add(placementId);
    }
    return [...found];
  }
}

/** Behind its ledger, or to be folded anew since evidence was taken out of it. */
function hasWork(head: PolicyHead | undefined, last: number): boolean {
  return head === undefined ? last > 0 : head.cursor < last || (head.revision > 0 && head.layout === null);
}
