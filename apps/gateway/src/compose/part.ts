import type { ResolverClass } from '../server/executable-schema';
import type { Closer } from '../server/shutdown';

export type ResolverEntry = readonly [ResolverClass, object];

/** What one library contributes to the gateway, beside what others are built from. */
export interface Part {
  readonly resolvers: readonly ResolverEntry[];
  /** In the order in which they are to be closed. */
  readonly closers: readonly Closer[];
}
