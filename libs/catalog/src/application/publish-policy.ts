import type { PolicySpec } from '@vitrine/bandit';
import { DomainError, placementId, policyVersionId, type Clock, type PlacementId } from '@vitrine/kernel';
import { featureDimension, featureSchemaHash, validateFeatures } from '../domain/feature-schema';
import { invalidField } from '../domain/field-check';
import { publishedPointer } from '../domain/policy-pointer';
import type { FeatureSpec, PolicyVersion } from '../domain/types';
import { changeCatalog, type CatalogChangeDeps } from './catalog-change';
import type { CatalogTransaction, ValidatePolicy } from './ports';

export interface PublishPolicyRequest {
  readonly placementId: string;
  readonly policy: PolicySpec;
  readonly features: readonly FeatureSpec[];
  /** Who publishes: the name of a person or the id of a key. */
  readonly by: string;
}

export interface PublishPolicyDeps extends CatalogChangeDeps {
  readonly validatePolicy: ValidatePolicy;
  readonly clock: Clock;
}

/** Adds an immutable policy version to a placement and makes it live. */
export class PublishPolicy {
  constructor(private readonly deps: PublishPolicyDeps) {}

  /** @throws DomainError UNKNOWN_PLACEMENT, UNKNOWN_POLICY, POLICY_PARAMETER_INVALID, FEATURE_SCHEMA_INVALID or BAD_USER_INPUT */
  async execute(request: PublishPolicyRequest): Promise<PolicyVersion> {
    const id = placementId(request.placementId);
    const { policy, features } = request;
    if (!(policy.floor >= 0 && policy.floor < 1)) throw invalidField('policy.floor', 'must lie in [0, 1)');
    validateFeatures(features);
    const dimension = this.dimensionOf(policy, features);
    const at = this.deps.clock.now();
    const { value } = await changeCatalog(this.deps, id, async (transaction) => {
      await requirePlacement(transaction, id);
      const pointer = publishedPointer(id, await transaction.findPointer(id), { at, by: request.by });
      const version: PolicyVersion = {
        id: policyVersionId(id, pointer.liveNumber),
        placementId: id,
        number: pointer.liveNumber,
        policy,
        features,
        dimension,
        featureSchema: featureSchemaHash(features),
        createdAt: at,
        createdBy: request.by,
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
    if (made.ok) return made.value.dimension;
    const { code, message, parameter } = made.error;
    throw new DomainError(code, message, { details: { field: parameter === null ? 'policy.name' : `policy.params.${parameter}` } });
  }
}

/** @throws DomainError UNKNOWN_PLACEMENT */
export async function requirePlacement(transaction: CatalogTransaction, id: PlacementId): Promise<void> {
  if ((await transaction.findPlacement(id)) === null)
    throw new DomainError('UNKNOWN_PLACEMENT', undefined, { details: { field: 'placementId' } });
}
