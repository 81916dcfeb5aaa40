import { POLICIES } from '@vitrine/bandit';
import { placementId } from '@vitrine/kernel';
import { Arg, Authorized, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { CatalogReader, PolicyLearningReader } from '../application/ports';
import type { PublishPolicy } from '../application/publish-policy';
import type { RollbackPolicy } from '../application/rollback-policy';
import type { PolicyVersion } from '../domain/types';
import { authorOf, type CatalogContext } from './catalog.context';
import { PolicyDefinitionType } from './policy-definition.types';
import { PolicyVersionType } from './policy-version.types';
import { PublishPolicyInput, toPublishRequest } from './publish-policy.input';
import { versionLearning } from './version-learning';

export interface PolicyResolverDeps {
  readonly reader: Pick<CatalogReader, 'listPolicies'>;
  readonly learning: PolicyLearningReader;
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
    const learning = versionLearning(
      this.deps.learning,
      versions.map((version) => version.id),
    );
    return versions.map((version) => new PolicyVersionType(version, version.number === live, learning));
  }

  @Authorized('catalog:read')
  @Query(() => [PolicyDefinitionType], { description: 'Every policy that can be published, with its parameters.' })
  policyDefinitions(): PolicyDefinitionType[] {
    return POLICIES.map((metadata) => new PolicyDefinitionType(metadata));
  }

  @Authorized('policy:write')
  @Mutation(() => PolicyVersionType, { description: 'Adds a policy version to a placement and makes it live.' })
  async publishPolicy(
    @Arg('input', () => PublishPolicyInput) input: PublishPolicyInput,
    @Ctx() { principal }: CatalogContext,
  ): Promise<PolicyVersionType> {
    return this.live(await this.deps.publishPolicy.execute(toPublishRequest(input, authorOf(principal))));
  }

  @Authorized('policy:write')
  @Mutation(() => PolicyVersionType, { description: 'Makes the version that was live before live again.' })
  async rollbackPolicy(@Arg('placementId', () => ID) id: string, @Ctx() { principal }: CatalogContext): Promise<PolicyVersionType> {
    return this.live(await this.deps.rollbackPolicy.execute({ placementId: id, by: authorOf(principal) }));
  }

  private live(version: PolicyVersion): PolicyVersionType {
    return new PolicyVersionType(version, true, versionLearning(this.deps.learning, [version.id]));
  }
}
