import { Field, ObjectType } from 'type-graphql';

/** Fields of a Relay page's `pageInfo`. Each connection has a type of its own below it, for each is read under a scope of its own. */
@ObjectType({ simpleResolvers: true })
export abstract class RelayPageInfo {
  @Field(() => Boolean)
  readonly hasNextPage: boolean;

  @Field(() => Boolean, { description: 'Whether the page was asked with a cursor.' })
  readonly hasPreviousPage: boolean;

  @Field(() => String, { nullable: true })
  readonly startCursor: string | null;

  @Field(() => String, { nullable: true })
  readonly endCursor: string | null;

  constructor(edges: readonly { readonly cursor: string }[], more: { readonly next: boolean; readonly previous: boolean }) {
    this.hasNextPage = more.next;
    this.hasPreviousPage = more.previous;
    this.startCursor = edges[0]?.cursor ?? null;
    this.endCursor = edges.at(-1)?.cursor ?? null;
  }
}
