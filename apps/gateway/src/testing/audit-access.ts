import { DomainError } from '@vitrine/kernel';
import { scopesOf, type Scope } from '@vitrine/platform';
import type { GraphQLField, GraphQLSchema } from 'graphql';
import { buildExecutableSchema, type ResolverClass } from '../server/executable-schema';
import { findUndecidedAccess, marksWithinReach, type Guard } from '../server/schema-access';

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

type Resolvers = readonly [ResolverClass, ...ResolverClass[]];

/** Places of the schema that nobody decided about, found by calling every root field. */
export async function auditAccess(resolvers: Resolvers): Promise<readonly string[]> {
  return findUndecidedAccess(probedSchema(resolvers), guardOf, ALL_SCOPES);
}

/** Access marks of the types that a caller with these scopes can reach. */
export async function auditReach(resolvers: Resolvers, scopes: ReadonlySet<string>): Promise<ReadonlyMap<string, unknown>> {
  return marksWithinReach(probedSchema(resolvers), guardOf, scopes);
}

/** A schema whose guards name the scopes they were asked for instead of judging a caller. */
function probedSchema(resolvers: Resolvers): GraphQLSchema {
  return buildExecutableSchema({
    resolvers,
    instances: new Map(resolvers.map((resolver) => [resolver, {}])),
    authChecker: (_data, scopes) => {
      throw new Guarded(scopes);
    },
  });
}

async function guardOf(field: GraphQLField<unknown, unknown>): Promise<Guard> {
  try {
    // Guards run before arguments are read, so that neither arguments nor a real `info` are needed to meet one. The guard of a
    // subscription is the one that is met before its source is opened.
    await Reflect.apply(field.subscribe ?? field.resolve ?? (() => undefined), undefined, [undefined, {}, {}, {}]);
  } catch (error) {
    if (error instanceof Guarded) return { kind: 'scopes', scopes: error.scopes };
  }
  return { kind: 'none' };
}
