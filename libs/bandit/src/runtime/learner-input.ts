import { DomainError, type BannerId } from '@vitrine/kernel';
import { POLICIES } from '../policies/policy-registry';
import type { Policy } from '../policy';
import type { Observation } from '../statistics/statistics-family';

/** Sums of a few decimal rewards, and probabilities that were mixed, pass their ends by rounding. */
const ROUNDING = 1e-9;

/**
 * Refuses by code, and naming the place, what a learner must not take in: one value that is not finite would stay in its sums for good.
 * Costs a comparison per number.
 */
export class LearnerInput {
  private readonly name: string;
  private readonly dimension: number | null;
  /** Whether the policy, which itself takes what it is given, is made for rewards in [0, 1]. */
  private readonly unitRewards: boolean;

  constructor({ name, contextual, dimension }: Pick<Policy, 'name' | 'contextual' | 'dimension'>) {
    this.name = name;
    this.dimension = contextual ? dimension : null;
    this.unitRewards = POLICIES.find((metadata) => metadata.name === name)?.rewards === 'unit';
  }

  /**
   * @throws DomainError ELIGIBLE_SET_EMPTY when there is no banner to choose
   * @throws DomainError FEATURE_VALUE_INVALID when the context has another length than the policy's (`expected` and `found` in its details)
   * or a value that is not finite (`index`)
   * @throws DomainError CLOCK_SKEW when the time is not finite
   */
  checkDecision(banners: readonly BannerId[], context: Float64Array, at: number): void {
    if (banners.length === 0) throw new DomainError('ELIGIBLE_SET_EMPTY', 'a decision needs a banner to choose');
    this.checkContext(context);
    checkTime(at);
  }

  /**
   * @throws DomainError FEATURE_VALUE_INVALID or CLOCK_SKEW as for a decision
   * @throws DomainError REWARD_OUT_OF_RANGE when a reward is not finite, or what a trial earned so far leaves [0, 1] and the policy is for
   * rewards of that range
   * @throws DomainError PROPENSITY_INVALID when the propensity is not in (0, 1]
   */
  checkObservation({ context, reward, before, propensity, at }: Observation): void {
    this.checkContext(context);
    checkTime(at);
    this.checkReward(before, 'before');
    this.checkReward(before + reward, 'reward');
    if (!(propensity > 0 && propensity <= 1 + ROUNDING)) {
      throw new DomainError('PROPENSITY_INVALID', 'the propensity of a trial lies in (0, 1]', { details: { field: 'propensity' } });
    }
  }

  private checkContext(context: Float64Array): void {
    const { dimension, name } = this;
    if (dimension === null) return;
    if (context.length !== dimension) {
      throw new DomainError('FEATURE_VALUE_INVALID', `${name} takes contexts of ${dimension} values, not of ${context.length}`, {
        details: { expected: dimension, found: context.length },
      });
    }
    for (let i = 0; i < dimension; i++) {
      if (!Number.isFinite(context[i])) {
        throw new DomainError('FEATURE_VALUE_INVALID', `value ${i} of the context is not finite`, { details: { index: i } });
      }
    }
  }

  /** @param earned by a trial, after or before the entry */
  private checkReward(earned: number, field: string): void {
    if (this.unitRewards ? earned >= -ROUNDING && earned <= 1 + ROUNDING : Number.isFinite(earned)) return;
    const range = this.unitRewards ? 'rewards in [0, 1]' : 'finite rewards';
    throw new DomainError('REWARD_OUT_OF_RANGE', `${this.name} takes ${range}`, { details: { field, policy: this.name } });
  }
}

function checkTime(at: number): void {
  if (!Number.isFinite(at)) throw new DomainError('CLOCK_SKEW', 'a time is a finite number of milliseconds', { details: { field: 'at' } });
}
