import { invariant } from '@vitrine/kernel';
import type { Scope } from '@vitrine/platform';
import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { buildSchemaSync, type AuthCheckerFn, type NonEmptyArray, type PubSub } from 'type-graphql';
import type { RequestContext } from '../context';
import { checkScopes } from './scope.auth-checker';

/** A resolver class, as type-graphql knows it. */
export type ResolverClass = new (...dependencies: never[]) => object;
/** Each resolver class with the one object that answers for it. */
export type ResolverInstances = ReadonlyMap<unknown, object>;

/** Reads one topic of subscriptions, e.g. the states of the training with this id, until the iterator's `return()` is called. */
export type TopicSource = (id: unknown) => AsyncIterable<unknown>;
export type TopicEntry = readonly [topic: string, source: TopicSource];

const NO_INSTANCES: ResolverInstances = new Map();

export interface SchemaOptions {
  readonly resolvers: Readonly<NonEmptyArray<ResolverClass>>;
  /** Absent only where nothing is executed: printing and auditing. */
  readonly instances?: ResolverInstances;
  /** What is read under each topic that a `@Subscription` names. */
  readonly topics?: readonly TopicEntry[];
  readonly authChecker?: AuthCheckerFn<RequestContext, Scope>;
}

/** Builds the executable schema. @throws GeneratingSchemaError when the resolver classes contradict each other */
export function buildExecutableSchema(options: SchemaOptions): GraphQLSchema {
  const { resolvers, instances = NO_INSTANCES, topics = [], authChecker = checkScopes } = options;
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
    pubSub: pubSubOver(new Map(topics)),
    validate: { forbidUnknownValues: true },
    authChecker,
    emitSchemaFile: false,
    // Initial values of input classes satisfy the compiler; a default of the schema is one that its field names.
    disableInferringDefaultValues: true,
  });
}

/**
 * Gives type-graphql the one half of a `PubSub` that it needs: a subscription reads where its topic says, which is how a decorated class
 * reaches what the composition root built. Nothing is published through it.
 */
function pubSubOver(sources: ReadonlyMap<string, TopicSource>): PubSub {
  return {
    publish: () => invariant(false, 'nothing is published through the schema'),
    subscribe: (topic, id) => {
      const source = sources.get(topic);
      invariant(source !== undefined, 'the composition root built every topic');
      return source(id);
    },
  };
}

/** The schema as text in an order of its own, so that a diff shows changes only. */
export function printStable(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
