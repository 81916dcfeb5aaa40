import { Field, ObjectType } from 'type-graphql';
import { Access, RelayPageInfo } from '@vitrine/platform';
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
export class ProfilePageInfo extends RelayPageInfo {}

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
