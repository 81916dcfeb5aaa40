import type { BannerId } from '@vitrine/kernel';
import type { ArmModel, Policy } from '@vitrine/bandit';
import type { PolicyState } from './servable-policy';

/**
 * Statistics of every banner at one revision. Models are derived when a decision first asks for them and kept; a later revision takes
 * over the models of the banners that did not change.
 */
export class ArmState implements PolicyState {
  private constructor(
    private readonly policy: Policy,
    readonly revision: number,
    private readonly statistics: ReadonlyMap<BannerId, Float64Array>,
    private readonly models: Map<BannerId, ArmModel>,
  ) {}

  static at(policy: Policy, revision: number, statistics: ReadonlyMap<BannerId, Float64Array>): ArmState {
    return new ArmState(policy, revision, statistics, new Map());
  }

  arm(bannerId: BannerId): ArmModel {
    const known = this.models.get(bannerId);
    if (known !== undefined) return known;
    const model = this.policy.derive(bannerId, this.statistics.get(bannerId) ?? null);
    this.models.set(bannerId, model);
    return model;
  }

  /** The state after these banners changed; this one stays as it is for the decisions that hold it. */
  next(revision: number, changed: readonly { readonly bannerId: BannerId; readonly statistics: Float64Array }[]): ArmState {
    const statistics = new Map(this.statistics);
    const models = new Map(this.models);
    for (const { bannerId, statistics: numbers } of changed) {
      statistics.set(bannerId, numbers);
      models.delete(bannerId);
    }
    return new ArmState(this.policy, revision, statistics, models);
  }
}
