import { DomainError } from '@vitrine/kernel';
import { scopesOf, type Scope } from '@vitrine/platform';
import type { GraphQLField } from 'graphql';
import { buildExecutableSchema, type ResolverClass } from '../server/executable-schema';
import { findUndecidedAccess, type Guard } from '../server/schema-access';

/** Thrown by the guard of a field in place of a verdict. */
class Guarded extends DomainError {
  constructor(readonly scopes: readonly Scope[]) {
    super('FORBIDDEN');
  }
}

const ALL_SCOPES: ReadonlySet<string> = new Set([
  ...scopesOf({ kind: 'secret', keyId: 'k' }),
  ...scopesOf({ kind: 'visitor', keyId: 'k', userId: 'u' }),
  ...scopesOf({ kind: 'staff', keyId: 'k', subject: 's', role: 'admin' }),
]);

/** Builds the schema of these resolvers with a guard that names the scopes it was asked for, and calls every root field. */
export async function auditAccess(resolvers: readonly [ResolverClass, ...ResolverClass[]]): Promise<readonly string[]> {
  const instances = new Map(resolvers.map((resolver) => [resolver, {}]));
  const schema = buildExecutableSchema({
    resolvers,
    instances,
    authChecker: (_data, scopes) => {
      throw new Guarded(scopes);
    },
  });
  return findUndecidedAccess(schema, guardOf, ALL_SCOPES);
}

async function guardOf(field: GraphQLField<unknown, unknown>): Promise<Guard> {
  try {
    // Guards run before arguments are read, so that neither arguments nor a real `info` are needed to meet one.
    await Reflect.apply(field.resolve ?? (() => undefined), undefined, [undefined, {}, {}, {}]);
  } catch (error) {
    if (error instanceof Guarded) return { kind: 'scopes', scopes: error.scopes };
  }
  return { kind: 'none' };
}
