import { ACCESS_EXTENSION } from '@vitrine/platform';
import {
  getNamedType,
  GraphQLObjectType,
  isAbstractType,
  isObjectType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

/** What the guard of a root field demanded when it was called by nobody. */
export type Guard = { readonly kind: 'scopes'; readonly scopes: readonly string[] } | { readonly kind: 'none' };
export type GuardProbe = (field: GraphQLField<unknown, unknown>) => Promise<Guard>;

/**
 * Names every place of a schema that nobody decided about: root fields that neither demand a known scope nor are marked public, and
 * object types without an access mark. Guards are found by calling the field, so what is audited is what is enforced.
 *
 * @returns one line per place, empty when every place is decided
 */
export async function findUndecidedAccess(
  schema: GraphQLSchema,
  probe: GuardProbe,
  scopes: ReadonlySet<string>,
): Promise<readonly string[]> {
  const roots = rootTypes(schema);
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

/**
 * The access marks of every object type that somebody with these scopes can reach, by type name: what such a caller may be shown, whatever
 * the resolvers do.
 */
export async function marksWithinReach(
  schema: GraphQLSchema,
  probe: GuardProbe,
  scopes: ReadonlySet<string>,
): Promise<ReadonlyMap<string, unknown>> {
  const open: GraphQLNamedType[] = [];
  for (const field of rootTypes(schema).flatMap((root) => Object.values(root.getFields()))) {
    const guard = await probe(field);
    const callable = guard.kind === 'none' || guard.scopes.some((scope) => scopes.has(scope));
    if (callable) open.push(getNamedType(field.type));
  }
  const marks = new Map<string, unknown>();
  for (let type = open.pop(); type !== undefined; type = open.pop()) {
    if (isAbstractType(type)) open.push(...schema.getPossibleTypes(type));
    if (!isObjectType(type) || marks.has(type.name)) continue;
    marks.set(type.name, type.extensions[ACCESS_EXTENSION]);
    open.push(...Object.values(type.getFields()).map((field) => getNamedType(field.type)));
  }
  return marks;
}

function rootTypes(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(isObjectType);
}

async function rootFieldFault(
  field: GraphQLField<unknown, unknown>,
  probe: GuardProbe,
  scopes: ReadonlySet<string>,
): Promise<string | null> {
  if (field.extensions[ACCESS_EXTENSION] === 'public') return null;
  const guard = await probe(field);
  if (guard.kind === 'none') return 'is neither authorized nor public';
  if (guard.scopes.length === 0) return 'names no scope';
  const unknown = guard.scopes.filter((scope) => !scopes.has(scope));
  return unknown.length === 0 ? null : `names unknown scopes: ${unknown.join(', ')}`;
}
