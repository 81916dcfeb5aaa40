import type { NestedPolicy, PolicySpec } from '@vitrine/bandit';
import { invalidField } from './field-check';
import type { FeatureSpec, RewardSpec } from './types';

/** A policy as somebody asks for it. */
export interface RequestedPolicy extends Omit<PolicySpec, 'name'> {
  /** Null or absent: `chosenPolicy` picks one. */
  readonly name?: string | null | undefined;
}

/** A year: longer than any visitor hash is worth. */
const MAX_PERIOD_MINUTES = 525_600;

/**
 * The policy of a request that need not name one. With features it is `auto`, which tunes itself; without, `beta-thompson`, told the bounds of
 * the placement's reward where the request gives it no parameters and the bounds are not its defaults.
 *
 * @throws DomainError BAD_USER_INPUT naming the field
 */
export function chosenPolicy(
  { name, params, floor, sticky }: RequestedPolicy,
  features: readonly FeatureSpec[],
  reward: RewardSpec,
): PolicySpec {
  if (!(floor >= 0 && floor < 1)) throw invalidField('policy.floor', 'must lie in [0, 1)');
  return { ...named(name ?? null, params, { features, reward }), floor, ...checkedSticky(sticky) };
}

function named(
  name: string | null,
  params: PolicySpec['params'],
  { features, reward }: { readonly features: readonly FeatureSpec[]; readonly reward: RewardSpec },
): NestedPolicy {
  if (name !== null) return { name, params };
  if (features.length > 0) return { name: 'auto', params };
  const bare = Object.keys(params).length === 0 && !(reward.min === 0 && reward.max === 1);
  return { name: 'beta-thompson', params: bare ? { rewardMin: reward.min, rewardMax: reward.max } : params };
}

/** What is off is left out, so that versions of before there was such a thing and those without it are stored alike. */
function checkedSticky(sticky: PolicySpec['sticky']): Pick<PolicySpec, 'sticky'> {
  if (sticky === undefined || sticky === null) return {};
  const { periodMinutes } = sticky;
  if (!Number.isSafeInteger(periodMinutes) || periodMinutes < 1 || periodMinutes > MAX_PERIOD_MINUTES) {
    throw invalidField('policy.sticky.periodMinutes', `must be a whole number from 1 to ${MAX_PERIOD_MINUTES}`);
  }
  return { sticky: { periodMinutes } };
}
