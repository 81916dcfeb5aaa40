import { DomainError, visitorId } from '@vitrine/kernel';
import { scopesOf, type Principal } from '@vitrine/platform';
import type { IdentityCaller } from '../application/identity-caller';

/** What this library's resolvers need of a request. */
export interface ProfileContext {
  readonly principal: Principal;
}

/**
 * On whose behalf the caller may change identities: `identity:any` for everybody, a user token for its subject.
 *
 * @throws DomainError FORBIDDEN for a bare publishable key and everybody else
 */
export function identityCallerOf(principal: Principal): IdentityCaller {
  if (scopesOf(principal).has('identity:any')) return { kind: 'server' };
  if (principal.kind === 'visitor') return { kind: 'visitor', userId: visitorId(principal.userId) };
  throw new DomainError('FORBIDDEN');
}
