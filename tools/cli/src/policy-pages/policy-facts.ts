import { createPolicy, isMergeable, isUnfoldable, POLICIES, type PolicyMetadata } from '@vitrine/bandit';
import { invariant } from '@vitrine/kernel';

/** What is known of a policy without running it. Names are a contract. */
export interface PolicyFacts extends PolicyMetadata {
  /** Partial statistics of it add up to the whole. */
  readonly mergeable: boolean;
  /** An entry can be taken out of its statistics again; otherwise they are rebuilt without it. */
  readonly unfoldable: boolean;
  /** Whether banners inform each other. */
  readonly pooled: boolean;
}

/** Only asks a family what it can do, which does not depend on the dimension. */
const SOME_DIMENSION = 8;

export function factsOf(metadata: PolicyMetadata): PolicyFacts {
  const built = createPolicy({ name: metadata.name, params: {} }, SOME_DIMENSION);
  invariant(built.ok, 'a policy builds from its defaults');
  const { family, pool } = built.value;
  const { name, summary, contextual, deterministic, rewards, parameters, complexity, paper } = metadata;
  return {
    name,
    summary,
    contextual,
    deterministic,
    family: metadata.family,
    mergeable: isMergeable(family),
    unfoldable: isUnfoldable(family),
    pooled: pool !== undefined,
    rewards,
    parameters,
    complexity,
    paper,
  };
}

export const listFacts = (): readonly PolicyFacts[] => POLICIES.map(factsOf);
