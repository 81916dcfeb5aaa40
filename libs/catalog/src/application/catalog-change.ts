import { DomainError } from '@vitrine/kernel';
import type { AnnounceCatalogChange, CatalogStore, CatalogTransaction, Stored } from './ports';

export interface CatalogChangeDeps {
  readonly store: CatalogStore;
  readonly announce: AnnounceCatalogChange;
}

/** Commits one change of the object `id`, then tells the other processes. */
export async function changeCatalog<T>(
  { store, announce }: CatalogChangeDeps,
  id: string,
  work: (transaction: CatalogTransaction) => Promise<T>,
): Promise<Stored<T>> {
  const stored = await store.write(work);
  announce({ kind: 'catalog', id, revision: stored.revision });
  return stored;
}

/**
 * Optimistic concurrency between people: whoever names the revision they saw is refused when the object has moved on.
 *
 * @param seen the revision that the caller's change builds on (0: the object is expected to be new); undefined or null: the last writer wins
 * @throws DomainError STALE_WRITE
 */
export function checkRevision(current: Stored<unknown> | null, seen: number | null | undefined): void {
  if (seen === undefined || seen === null) return;
  const revision = current?.revision ?? 0;
  if (revision !== seen) throw new DomainError('STALE_WRITE', undefined, { details: { revision } });
}
