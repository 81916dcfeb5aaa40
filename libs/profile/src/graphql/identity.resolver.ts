import { Arg, Args, Authorized, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { visitorId, type VisitorId } from '@vitrine/kernel';
import type { Identify } from '../application/identify';
import type { MergeProfiles } from '../application/merge-profiles';
import type { SetConsent } from '../application/set-consent';
import type { UnmergeProfile } from '../application/unmerge-profile';
import { ConsentInput } from './consent.input';
import { IdentifyInput } from './identify.input';
import { ConsentReceipt, IdentifyPayload, MergePayload, UnmergePayload } from './identity-payloads.type';
import { MergeArgs } from './merge.args';
import { identityCallerOf, type ProfileContext } from './profile.context';

export interface IdentityResolverDeps {
  readonly identify: Identify;
  readonly setConsent: SetConsent;
  readonly merge: MergeProfiles;
  readonly unmerge: Pick<UnmergeProfile, 'execute'>;
}

@Resolver()
export class IdentityMutationsResolver {
  constructor(private readonly deps: IdentityResolverDeps) {}

  @Authorized('identity:own', 'identity:any')
  @Mutation(() => IdentifyPayload, { description: 'Links an anonymous visitor with a user and says what is known of them.' })
  async identify(@Arg('input', () => IdentifyInput) input: IdentifyInput, @Ctx() { principal }: ProfileContext): Promise<IdentifyPayload> {
    const outcome = await this.deps.identify.execute({
      caller: identityCallerOf(principal),
      anonymousId: idOf(input.anonymousId),
      userId: idOf(input.userId),
      traits: input.traits,
      device: input.device,
      locale: input.locale,
    });
    return new IdentifyPayload(outcome);
  }

  @Authorized('identity:own', 'identity:any')
  @Mutation(() => ConsentReceipt, { description: 'Records what a person allows; takes effect with the next decision.' })
  async setConsent(@Arg('input', () => ConsentInput) input: ConsentInput, @Ctx() { principal }: ProfileContext): Promise<ConsentReceipt> {
    const { purposes, source } = input;
    return new ConsentReceipt(
      await this.deps.setConsent.execute({ caller: identityCallerOf(principal), visitorId: visitorId(input.visitorId), purposes, source }),
    );
  }

  @Authorized('identity:any')
  @Mutation(() => MergePayload, {
    description: 'Joins two people who are one. IDENTITY_CONFLICT says why not: SELF, CYCLE, OTHER_USER or TOO_MANY_IDS.',
  })
  async mergeProfiles(@Args(() => MergeArgs) { from, into }: MergeArgs): Promise<MergePayload> {
    return new MergePayload(await this.deps.merge.execute({ from: visitorId(from), into: visitorId(into) }));
  }

  @Authorized('identity:any')
  @Mutation(() => UnmergePayload, {
    description:
      'Takes an id that is another person’s out of a profile, into one of its own; what events taught goes with the id that sent them. IDENTITY_CONFLICT says ONLY_ID for somebody’s only id.',
  })
  async unmergeProfile(@Arg('visitorId', () => ID) id: string): Promise<UnmergePayload> {
    return new UnmergePayload(await this.deps.unmerge.execute(visitorId(id)));
  }
}

function idOf(text: string | null | undefined): VisitorId | null {
  return text === null || text === undefined ? null : visitorId(text);
}
