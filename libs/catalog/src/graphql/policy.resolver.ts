import { placementId } from '@vitrine/kernel';
import { Arg, Authorized, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { CatalogReader } from '../application/ports';
import type { PublishPolicy } from '../application/publish-policy';
import type { RollbackPolicy } from '../application/rollback-policy';
import { authorOf, type CatalogContext } from './catalog.context';
import { PolicyVersionType } from './policy-version.types';
import { PublishPolicyInput, toPublishRequest } from './publish-policy.input';

export interface PolicyResolverDeps {
  readonly reader: Pick<CatalogReader, 'listPolicies'>;
  readonly publishPolicy: PublishPolicy;
  readonly rollbackPolicy: RollbackPolicy;
}

@Resolver(() => PolicyVersionType)
export class PolicyResolver {
  constructor(private readonly deps: PolicyResolverDeps) {}

  @Authorized('catalog:read')
  @Query(() => [PolicyVersionType], { description: 'Every version of a placement’s policy, the newest first.' })
  async policies(@Arg('placementId', () => ID) id: string): Promise<PolicyVersionType[]> {
    const { versions, live } = await this.deps.reader.listPolicies(placementId(id));
    return versions.map((version) => new PolicyVersionType(version, version.number === live));
  }

  @Authorized('policy:write')
  @Mutation(() => PolicyVersionType, { description: 'Adds a policy version to a placement and makes it live.' })
  async publishPolicy(
    @Arg('input', () => PublishPolicyInput) input: PublishPolicyInput,
    @Ctx() { principal }: CatalogContext,
  ): Promise<PolicyVersionType> {
    return new PolicyVersionType(await this.deps.publishPolicy.execute(toPublishRequest(input, authorOf(principal))), true);
  }

  @Authorized('policy:write')
  @Mutation(() => PolicyVersionType, { description: 'Makes the version that was live before live again.' })
  async rollbackPolicy(@Arg('placementId', () => ID) id: string, @Ctx() { principal }: CatalogContext): Promise<PolicyVersionType> {
    return new PolicyVersionType(await this.deps.rollbackPolicy.execute({ placementId: id, by: authorOf(principal) }), true);
  }
}
