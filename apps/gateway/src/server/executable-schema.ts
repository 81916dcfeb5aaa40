import { invariant } from '@vitrine/kernel';
import type { Scope } from '@vitrine/platform';
import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { buildSchemaSync, type AuthCheckerFn, type NonEmptyArray } from 'type-graphql';
import type { RequestContext } from '../context';
import { checkScopes } from './scope.auth-checker';

/** A resolver class, as type-graphql knows it. */
export type ResolverClass = new (...dependencies: never[]) => object;
/** Each resolver class with the one object that answers for it. */
export type ResolverInstances = ReadonlyMap<unknown, object>;

const NO_INSTANCES: ResolverInstances = new Map();

export interface SchemaOptions {
  readonly resolvers: Readonly<NonEmptyArray<ResolverClass>>;
  /** Absent only where nothing is executed: printing and auditing. */
  readonly instances?: ResolverInstances;
  readonly authChecker?: AuthCheckerFn<RequestContext, Scope>;
}

/** Builds the executable schema. @throws GeneratingSchemaError when the resolver classes contradict each other */
export function buildExecutableSchema({ resolvers, instances = NO_INSTANCES, authChecker = checkScopes }: SchemaOptions): GraphQLSchema {
  const [first, ...rest] = resolvers;
  return buildSchemaSync({
    resolvers: [first, ...rest],
    container: {
      get: (resolver: unknown) => {
        const instance = instances.get(resolver);
        invariant(instance !== undefined, 'the composition root built every resolver');
        return instance;
      },
    },
    validate: { forbidUnknownValues: true },
    authChecker,
    emitSchemaFile: false,
    // Initial values of input classes satisfy the compiler; a default of the schema is one that its field names.
    disableInferringDefaultValues: true,
  });
}

/** The schema as text in an order of its own, so that a diff shows changes only. */
export function printStable(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
