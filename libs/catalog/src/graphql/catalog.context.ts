import type { Principal } from '@vitrine/platform';

/** What the catalogue's resolvers need of a request's context. */
export interface CatalogContext {
  readonly principal: Principal;
}

/** Who made a change, as history keeps it: a person's subject, or the short hash of a key. */
export function authorOf(principal: Principal): string {
  return principal.kind === 'staff' ? `staff:${principal.subject}` : `${principal.kind}:${principal.keyId}`;
}
