import { buildExecutableSchema, printStable } from './executable-schema';
import { RESOLVERS } from './resolvers';

/** The public schema as text, as `docs/schema.graphql` keeps it. */
export function emitSchema(): string {
  return printStable(buildExecutableSchema({ resolvers: RESOLVERS }));
}
