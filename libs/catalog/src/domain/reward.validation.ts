import { parseRewardFunction } from '@vitrine/bandit';
import { invalidField } from './field-check';
import type { RewardSpec } from './types';

/**
 * Reads data as the reward of a placement.
 *
 * @throws DomainError BAD_USER_INPUT with the place (`reward.valueTransform.capMinor`) in `details.field`
 */
export function rewardFrom(data: unknown): RewardSpec {
  const parsed = parseRewardFunction(data);
  if (parsed.ok) return parsed.value;
  const { field, reason } = parsed.error;
  throw invalidField(field === '' ? 'reward' : `reward.${field}`, reason);
}
