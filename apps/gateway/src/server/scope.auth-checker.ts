import { DomainError } from '@vitrine/kernel';
import { scopesOf, type Scope } from '@vitrine/platform';
import type { AuthCheckerFn } from 'type-graphql';
import type { RequestContext } from '../context';

/**
 * Lets a caller through who has one of the named scopes; a bare `@Authorized()` names none and lets nobody through.
 *
 * @throws DomainError UNAUTHENTICATED without a caller, FORBIDDEN without the scope
 */
export const checkScopes: AuthCheckerFn<RequestContext, Scope> = ({ context }, anyOf) => {
  const granted = scopesOf(context.principal);
  if (!anyOf.some((scope) => granted.has(scope))) throw new DomainError('FORBIDDEN');
  return true;
};
