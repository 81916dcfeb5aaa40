import type { PolicySpec } from '@vitrine/bandit';
import { DomainError, placementId, policyVersionId, type Clock, type PlacementId } from '@vitrine/kernel';
import { featureDimension, featureSchemaHash, validateFeatures } from '../domain/feature-schema';
import { chosenPolicy, type RequestedPolicy } from '../domain/policy-choice';
import { publishedPointer } from '../domain/policy-pointer';
import { checkRewardRange } from '../domain/policy-rewards';
import type { FeatureSpec, Placement, PolicyVersion } from '../domain/types';
import { changeCatalog, type CatalogChangeDeps } from './catalog-change';
import type { CatalogTransaction, ValidatePolicy } from './ports';

export interface PublishPolicyRequest {
  readonly placementId: string;
  /** Without a name: `auto` when there are features, `beta-thompson` when there are none. */
  readonly policy: RequestedPolicy;
  readonly features: readonly FeatureSpec[];
  /** Who publishes: the name of a person or the id of a key. */
  readonly by: string;
}

export interface PublishPolicyDeps extends CatalogChangeDeps {
  readonly validatePolicy: ValidatePolicy;
  readonly clock: Clock;
}

/** What one banner's statistics may take: a document holds 16 MiB, and a gateway holds those of every banner. */
const MAX_STATE_BYTES = 4 * 2 ** 20;

/** Adds an immutable policy version to a placement and makes it live. */
export class PublishPolicy {
  constructor(private readonly deps: PublishPolicyDeps) {}

  /** @throws DomainError UNKNOWN_PLACEMENT, UNKNOWN_POLICY, POLICY_PARAMETER_INVALID, FEATURE_SCHEMA_INVALID or BAD_USER_INPUT */
  async execute({ placementId: placement, policy: asked, features, by }: PublishPolicyRequest): Promise<PolicyVersion> {
    const id = placementId(placement);
    validateFeatures(features);
    const at = this.deps.clock.now();
    const { value } = await changeCatalog(this.deps, id, async (transaction) => {
      const { reward } = await requirePlacement(transaction, id);
      const policy = chosenPolicy(asked, features, reward);
      checkRewardRange(policy, reward);
      const pointer = publishedPointer(id, await transaction.findPointer(id), { at, by });
      const version: PolicyVersion = {
        id: policyVersionId(id, pointer.liveNumber),
        placementId: id,
        number: pointer.liveNumber,
        policy,
        features,
        dimension: this.dimensionOf(policy, features),
        featureSchema: featureSchemaHash(features),
        createdAt: at,
        createdBy: by,
      };
      await transaction.insertPolicyVersion(version);
      await transaction.savePointer(pointer);
      return version;
    });
    return value;
  }

  /** What the policy itself says it reads: 0 for a context-free one, whatever features came with it. */
  private dimensionOf({ name, params }: PolicySpec, features: readonly FeatureSpec[]): number {
    const made = this.deps.validatePolicy({ name, params }, featureDimension(features));
    if (!made.ok) {
      const { code, message, parameter } = made.error;
      throw new DomainError(code, message, { details: { field: parameter === null ? 'policy.name' : `policy.params.${parameter}` } });
    }
    const { dimension, family } = made.value;
    const bytes = Float64Array.BYTES_PER_ELEMENT * Math.max(family.length, family.shared?.length ?? 0);
    if (bytes <= MAX_STATE_BYTES) return dimension;
    const why = `would keep ${bytes} bytes per banner over ${dimension} dimensions, at most ${MAX_STATE_BYTES} are allowed`;
    throw new DomainError('POLICY_PARAMETER_INVALID', `${name} ${why}`, { details: { field: 'policy.params' } });
  }
}

/** @throws DomainError UNKNOWN_PLACEMENT */
export async function requirePlacement(transaction: CatalogTransaction, id: PlacementId): Promise<Placement> {
  const placement = await transaction.findPlacement(id);
  if (placement === null) throw new DomainError('UNKNOWN_PLACEMENT', undefined, { details: { field: 'placementId' } });
  return placement.value;
}
