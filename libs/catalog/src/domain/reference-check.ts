import { DomainError } from '@vitrine/kernel';

export interface KnownIds {
  readonly known: ReadonlySet<string>;
  readonly code: 'UNKNOWN_PLACEMENT' | 'UNKNOWN_CAMPAIGN' | 'UNKNOWN_BANNER';
}

/** @throws DomainError with the given code, naming the first entry that does not exist */
export function checkReferences(field: string, ids: readonly string[], { known, code }: KnownIds): void {
  const at = ids.findIndex((id) => !known.has(id));
  if (at >= 0) throw new DomainError(code, `${field}[${at}] does not exist`, { details: { field: `${field}[${at}]` } });
}
