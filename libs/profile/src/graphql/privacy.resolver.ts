import { GraphQLJSON } from 'graphql-scalars';
import { Arg, Authorized, ID, Query, Resolver } from 'type-graphql';
import { visitorId as toVisitorId } from '@vitrine/kernel';
import type { ExportProfile, ProfileExport } from '../application/export-profile';

export interface PrivacyResolverDeps {
  readonly exporting: Pick<ExportProfile, 'execute'>;
}

/** What a person may ask of whoever holds their data. */
@Resolver()
export class PrivacyResolver {
  constructor(private readonly deps: PrivacyResolverDeps) {}

  @Authorized('profile:export')
  @Query(() => GraphQLJSON, {
    description:
      'Everything held about the person that any of whose ids this is: profile, features, consent, events, trials, ledger, decisions.',
  })
  exportProfile(@Arg('visitorId', () => ID) visitorId: string): Promise<ProfileExport> {
    return this.deps.exporting.execute(toVisitorId(visitorId));
  }
}
