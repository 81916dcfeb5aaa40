import { DomainError, type VisitorId } from '@vitrine/kernel';
import type { Profile } from '../domain/types';

/** On whose behalf identities are changed: a trusted server for anybody, or one signed-in visitor for himself. */
export type IdentityCaller = { readonly kind: 'server' } | { readonly kind: 'visitor'; readonly userId: VisitorId };

/** @throws DomainError IDENTITY_CONFLICT when a profile belongs to a user other than `userId` */
export function assertSameUser(profiles: readonly Profile[], userId: VisitorId | null): void {
  const users = new Set(profiles.map((profile) => profile.userId).filter((known) => known !== null));
  if (userId !== null) users.add(userId);
  if (users.size > 1) throw new DomainError('IDENTITY_CONFLICT', 'an id belongs to another user', { details: { reason: 'OTHER_USER' } });
}
