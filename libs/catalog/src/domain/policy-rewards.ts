import { POLICIES, type NestedPolicy } from '@vitrine/bandit';
import { DomainError } from '@vitrine/kernel';
import type { RewardSpec } from './types';

/** Policies within policies; more levels have no use, and each one multiplies what is kept per banner. */
export const MAX_POLICY_DEPTH = 4;

/** A policy, or one within it, and the way to it: `policy.name`, `policy.params.shadow`. */
interface PlacedPolicy {
  readonly field: string;
  readonly name: string;
  readonly unitRewards: boolean;
}

/** Bounds of which a policy of unit rewards cannot be shown more than it understands. */
export function staysInUnit({ min, max }: Pick<RewardSpec, 'min' | 'max'>): boolean {
  return min >= 0 && max <= 1;
}

/**
 * The first policy, outermost first, that takes rewards in [0, 1] only: wrappers take any reward themselves, and hand it on.
 *
 * @throws DomainError POLICY_PARAMETER_INVALID where policies are nested more than `MAX_POLICY_DEPTH` deep
 */
export function findUnitPolicy(policy: NestedPolicy): Pick<PlacedPolicy, 'field' | 'name'> | null {
  return policiesIn(policy, 'policy', 1).find(({ unitRewards }) => unitRewards) ?? null;
}

/** All of them, so that the depth of each is checked. Names and values that are wrong are left to the making of the policy. */
function policiesIn({ name, params }: NestedPolicy, field: string, depth: number): readonly PlacedPolicy[] {
  if (depth > MAX_POLICY_DEPTH) {
    throw new DomainError('POLICY_PARAMETER_INVALID', `${field} nests more than ${MAX_POLICY_DEPTH} policies`, { details: { field } });
  }
  const known = POLICIES.find((candidate) => candidate.name === name);
  if (known === undefined) return [];
  const within = Object.entries(known.parameters).flatMap(([parameter, declared]) => {
    if (declared.kind !== 'policy') return [];
    const nested = params[parameter] === undefined ? declared.default : params[parameter];
    return isPolicy(nested) ? policiesIn(nested, `${field}.params.${parameter}`, depth + 1) : [];
  });
  return [{ field: depth === 1 ? `${field}.name` : field, name, unitRewards: known.rewards === 'unit' }, ...within];
}

function isPolicy(value: unknown): value is NestedPolicy {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('params' in value)) return false;
  return typeof value.name === 'string' && typeof value.params === 'object' && value.params !== null;
}

/** @throws DomainError BAD_USER_INPUT naming the policy at fault */
export function checkRewardRange(policy: NestedPolicy, reward: Pick<RewardSpec, 'min' | 'max'>): void {
  const unit = findUnitPolicy(policy);
  if (unit === null || staysInUnit(reward)) return;
  const why = `takes rewards in [0, 1] only, those of the placement lie in [${reward.min}, ${reward.max}]`;
  throw new DomainError('BAD_USER_INPUT', `${unit.field}: ${unit.name} ${why}`, { details: { field: unit.field } });
}
