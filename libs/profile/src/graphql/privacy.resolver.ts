import { GraphQLJSON } from 'graphql-scalars';
import { Arg, Authorized, ID, Mutation, Query, Resolver } from 'type-graphql';
import { visitorId as toVisitorId } from '@vitrine/kernel';
import type { EraseProfile } from '../application/erase-profile';
import type { ExportProfile, ProfileExport } from '../application/export-profile';
import { ErasureReceiptType } from './erasure-receipt.type';

export interface PrivacyResolverDeps {
  readonly exporting: Pick<ExportProfile, 'execute'>;
  readonly erasing: Pick<EraseProfile, 'execute'>;
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

  @Authorized('profile:erase')
  @Mutation(() => ErasureReceiptType, {
    description:
      'Forgets the person that any of whose ids this is: every row, and what policies learned from them. Asking again is harmless.',
  })
  async eraseProfile(@Arg('visitorId', () => ID) visitorId: string): Promise<ErasureReceiptType> {
    return new ErasureReceiptType(await this.deps.erasing.execute(toVisitorId(visitorId)));
  }
}
