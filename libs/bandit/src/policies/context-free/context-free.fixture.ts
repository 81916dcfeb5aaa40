import { invariant } from '@vitrine/kernel';
import { anArm, aPoint } from '../../fixtures';
import type { Policy } from '../../policy';
import { createPolicy } from '../policy-registry';

/** A context-free policy of the registry, for specs. */
export function aContextFreePolicy(name: string, params: Readonly<Record<string, unknown>> = {}): Policy {
  const policy = createPolicy({ name, params }, 0);
  invariant(policy.ok, 'the policy builds');
  return policy.value;
}

/** Its distribution over banners with these statistics, which are all the banners there are. */
export function sharesOf(policy: Policy, statistics: readonly (readonly number[] | null)[]): number[] {
  const models = statistics.map((numbers, i) => policy.derive(anArm(`banner-${i}`), numbers === null ? null : Float64Array.from(numbers)));
  const tried = models.filter((_, i) => statistics[i] !== null);
  const out = new Float64Array(models.length).fill(Number.NaN);
  policy.distribution(models, aPoint(undefined, { pool: policy.pool?.derive(tried, null) ?? null }), out);
  return [...out];
}
