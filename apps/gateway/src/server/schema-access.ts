import { ACCESS_EXTENSION } from '@vitrine/platform';
import { GraphQLObjectType, isObjectType, type GraphQLField, type GraphQLSchema } from 'graphql';

/** What the guard of a root field demanded when it was called by nobody. */
export type Guard = { readonly kind: 'scopes'; readonly scopes: readonly string[] } | { readonly kind: 'none' };
export type GuardProbe = (field: GraphQLField<unknown, unknown>) => Promise<Guard>;

/**
 * Names every place of a schema that nobody decided about: root fields that neither demand a known scope nor are marked public, and
 * object types without an access mark. Guards are found by calling the field, so what is audited is what is enforced.
 *
 * @returns one line per place, empty when every place is decided
 */
export async function findUndecidedAccess(schema: GraphQLSchema, probe: GuardProbe, scopes: ReadonlySet<string>): Promise<readonly string[]> {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(isObjectType);
  const undecided: string[] = [];
  for (const root of roots) {
    for (const field of Object.values(root.getFields())) {
      const fault = await rootFieldFault(field, probe, scopes);
      if (fault !== null) undecided.push(`${root.name}.${field.name} ${fault}`);
    }
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (!(type instanceof GraphQLObjectType) || type.name.startsWith('__') || roots.includes(type)) continue;
    const mark = type.extensions[ACCESS_EXTENSION];
    if (mark !== 'public' && !(typeof mark === 'string' && scopes.has(mark))) undecided.push(`${type.name} has no access mark`);
  }
  return undecided;
}

async function rootFieldFault(field: GraphQLField<unknown, unknown>, probe: GuardProbe, scopes: ReadonlySet<string>): Promise<string | null> {
  if (field.extensions[ACCESS_EXTENSION] === 'public') return null;
  const guard = await probe(field);
  if (guard.kind === 'none') return 'is neither authorized nor public';
  if (guard.scopes.length === 0) return 'names no scope';
  const unknown = guard.scopes.filter((scope) => !scopes.has(scope));
  return unknown.length === 0 ? null : `names unknown scopes: ${unknown.join(', ')}`;
}
