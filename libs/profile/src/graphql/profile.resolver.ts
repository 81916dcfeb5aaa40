import { Arg, Authorized, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { visitorId as toVisitorId, type Clock } from '@vitrine/kernel';
import type { ListProfiles, ReadProfile } from '../application/read-profiles';
import { FEATURE_CATALOGUE, readFeatures } from '../domain/features/feature-catalogue';
import type { Direction } from '../domain/profile-listing';
import { ProfileConnection } from './profile-connection.type';
import { DirectionEnum, ProfileFilter, toConditions } from './profile-filter.input';
import { FeatureDefinition, ProfileFeature } from './profile-feature.type';
import { ProfileType } from './profile.type';

const DEFAULT_PAGE = 20;

export interface ProfileResolverDeps {
  readonly read: ReadProfile;
  readonly list: ListProfiles;
  readonly clock: Clock;
}

@Resolver(() => ProfileType)
export class ProfileResolver {
  constructor(private readonly deps: ProfileResolverDeps) {}

  @Authorized('profile:read')
  @Query(() => ProfileType, { nullable: true, description: 'The person that any of whose ids this is.' })
  async profile(@Arg('visitorId', () => ID) visitorId: string): Promise<ProfileType | null> {
    const profile = await this.deps.read.execute(toVisitorId(visitorId));
    return profile === null ? null : new ProfileType(profile, this.deps.clock.now());
  }

  @Authorized('profile:read')
  @Query(() => ProfileConnection, { description: 'Profiles by last event, or by the feature that the filter names; at most 100 a page.' })
  async profiles(
    @Arg('filter', () => ProfileFilter, { nullable: true }) filter: ProfileFilter | null | undefined,
    @Arg('first', () => Int, { nullable: true }) first: number | null | undefined,
    @Arg('after', () => String, { nullable: true, description: 'A cursor of the same order.' }) after: string | null | undefined,
    @Arg('direction', () => DirectionEnum, { nullable: true, description: 'DESCENDING when absent.' }) direction?: Direction | null,
  ): Promise<ProfileConnection> {
    const page = await this.deps.list.execute({
      ...toConditions(filter),
      direction: direction ?? 'DESCENDING',
      first: first ?? DEFAULT_PAGE,
      after: after ?? null,
    });
    return new ProfileConnection(page, { nowMs: this.deps.clock.now(), afterCursor: typeof after === 'string' });
  }

  @Authorized('profile:read')
  @FieldResolver(() => [ProfileFeature], { description: 'Features of the catalogue, all or those named, as they stand now.' })
  features(
    @Root() { learned }: ProfileType,
    @Arg('names', () => [String], { nullable: true }) names: readonly string[] | null | undefined,
  ): readonly ProfileFeature[] {
    const values = readFeatures(learned, this.deps.clock.now(), names ?? null);
    return FEATURE_CATALOGUE.filter(({ name }) => values.has(name)).map(
      (feature) => new ProfileFeature(feature, values.get(feature.name) ?? null),
    );
  }

  @Authorized('profile:read')
  @Query(() => [FeatureDefinition], { description: 'Every feature that profiles learn from events.' })
  featureCatalogue(): readonly FeatureDefinition[] {
    return FEATURE_CATALOGUE.map((feature) => new FeatureDefinition(feature));
  }
}
