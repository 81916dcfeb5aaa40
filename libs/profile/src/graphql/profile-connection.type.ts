import { Field, ObjectType } from 'type-graphql';
import { Access } from '@vitrine/platform';
import type { ProfilePage } from '../application/read-profiles';
import { ProfileType } from './profile.type';

@Access('profile:read')
@ObjectType({ simpleResolvers: true })
export class ProfileEdge {
  @Field(() => String)
  readonly cursor: string;

  @Field(() => ProfileType)
  readonly node: ProfileType;

  constructor(cursor: string, node: ProfileType) {
    this.cursor = cursor;
    this.node = node;
  }
}

@Access('profile:read')
@ObjectType({ description: 'A Relay page of profiles.', simpleResolvers: true })
export class ProfilePageInfo {
  @Field(() => Boolean)
  readonly hasNextPage: boolean;

  @Field(() => Boolean, { description: 'Whether the page was asked with a cursor.' })
  readonly hasPreviousPage: boolean;

  @Field(() => String, { nullable: true })
  readonly startCursor: string | null;

  @Field(() => String, { nullable: true })
  readonly endCursor: string | null;

  constructor(edges: readonly ProfileEdge[], more: { readonly next: boolean; readonly previous: boolean }) {
    this.hasNextPage = more.next;
    this.hasPreviousPage = more.previous;
    this.startCursor = edges[0]?.cursor ?? null;
    this.endCursor = edges.at(-1)?.cursor ?? null;
  }
}

@Access('profile:read')
@ObjectType({ simpleResolvers: true })
export class ProfileConnection {
  @Field(() => [ProfileEdge])
  readonly edges: readonly ProfileEdge[];

  @Field(() => ProfilePageInfo)
  readonly pageInfo: ProfilePageInfo;

  constructor(page: ProfilePage, shown: { readonly nowMs: number; readonly afterCursor: boolean }) {
    this.edges = page.edges.map(({ cursor, profile }) => new ProfileEdge(cursor, new ProfileType(profile, shown.nowMs)));
    this.pageInfo = new ProfilePageInfo(this.edges, { next: page.hasNextPage, previous: shown.afterCursor });
  }
}
