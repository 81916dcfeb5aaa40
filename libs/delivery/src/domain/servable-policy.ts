import { DomainError } from '@vitrine/kernel';
import { createPolicy, type LearnedState, type Policy } from '@vitrine/bandit';
import type { PolicyVersion } from '@vitrine/catalog';
import { dequantise, quantise } from '@vitrine/feedback';
import { compileFeatures, type FeatureEncoder } from './feature-encoder';
import type { FeatureContext } from './feature-source';

/** A context as it is scored and as it is learned from: both sides see the quantised values. */
export interface ScoredContext {
  readonly steps: Int8Array;
  /** Shape [dimension]; a buffer that the next reading of the same policy overwrites. */
  readonly vector: Float64Array;
}

/** One policy version ready to serve, without its learned state. */
export interface CompiledPolicy {
  readonly version: PolicyVersion;
  readonly policy: Policy;
  /** Whether it reads anything that only a profile can tell. */
  readonly personal: boolean;
  /** @throws DomainError FEATURE_VALUE_INVALID naming the feature */
  read(context: FeatureContext): ScoredContext;
}

/** The learned state of one policy version at one revision. A decision holds on to one and so never sees two. */
export type PolicyState = Pick<LearnedState, 'revision' | 'arm' | 'pool' | 'distribution'>;

/** What a gateway serves a placement with; `state` is null until the database was reached once. */
export interface ServablePolicy extends CompiledPolicy {
  readonly state: PolicyState | null;
}

const NO_CONTEXT: ScoredContext = { steps: new Int8Array(0), vector: new Float64Array(0) };

/**
 * @throws DomainError POLICY_PARAMETER_INVALID or UNKNOWN_POLICY for a specification that the bandit library refuses,
 * FEATURE_SCHEMA_INVALID when the features do not give the dimension that the version declares
 */
export function compilePolicy(version: PolicyVersion): CompiledPolicy {
  const created = createPolicy(version.policy, version.dimension);
  if (!created.ok) throw new DomainError(created.error.code, created.error.message, { details: { policyVersionId: version.id } });
  const policy = created.value;
  if (version.dimension === 0) return { version, policy, personal: false, read: () => NO_CONTEXT };
  const encoder = compileFeatures(version.features);
  if (encoder.dimension !== version.dimension) {
    throw new DomainError('FEATURE_SCHEMA_INVALID', 'the features do not give the declared dimension', {
      details: { policyVersionId: version.id, declared: version.dimension, encoded: encoder.dimension },
    });
  }
  return { version, policy, personal: encoder.personal, read: contextReader(encoder) };
}

function contextReader(encoder: FeatureEncoder): (context: FeatureContext) => ScoredContext {
  const vector = new Float64Array(encoder.dimension);
  return (context) => {
    encoder.encode(context, vector);
    const { steps } = quantise(vector);
    dequantise(steps, vector);
    return { steps, vector };
  };
}
