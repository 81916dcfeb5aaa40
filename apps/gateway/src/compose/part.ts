import type { ResolverClass, TopicEntry } from '../server/executable-schema';
import type { Closer } from '../server/shutdown';

export type ResolverEntry = readonly [ResolverClass, object];

/** What one library contributes to the gateway, beside what others are built from. */
export interface Part {
  readonly resolvers: readonly ResolverEntry[];
  /** What its subscriptions read. */
  readonly topics?: readonly TopicEntry[];
  /** In the order in which they are to be closed. */
  readonly closers: readonly Closer[];
}
