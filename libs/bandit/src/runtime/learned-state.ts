import { invariant, SHARED_STATE, type BannerId } from '@vitrine/kernel';
import type { ArmIdentity, ArmModel, Policy, PoolModel } from '../policy';
import type { PlacementPrior } from '../priors/prior-revision';

/** Says who a banner is; one that is no longer known has no groups. */
export type IdentifyBanner = (id: BannerId) => ArmIdentity;

export const withoutGroups: IdentifyBanner = (id) => ({ id, groups: [] });

/** Statistics of banners by id; what belongs to no banner lies under `SHARED_STATE`. Arrays are not changed by their holder's readers. */
export type StatisticsByBanner = ReadonlyMap<BannerId, Float64Array>;

export interface StateSource {
  readonly policy: Policy;
  readonly revision: number;
  readonly statistics: StatisticsByBanner;
  readonly identify?: IdentifyBanner;
  /** What other placements learned, for policies that read it; null for none. */
  readonly prior?: PlacementPrior | null;
}

/**
 * What a policy has learned at one revision, ready to decide. Models are derived when first asked for and kept; a later revision takes
 * over those of the banners that did not change. A decision holds on to one and so never sees two.
 */
export class LearnedState {
  private pooled: { readonly model: PoolModel } | null = null;
  /** Written over by every decision: one at a time. */
  private readonly asked: ArmModel[] = [];

  private constructor(
    private readonly source: Required<StateSource>,
    private readonly models: Map<BannerId, ArmModel>,
  ) {}

  static of(source: StateSource): LearnedState {
    return new LearnedState({ identify: withoutGroups, prior: null, ...source }, new Map());
  }

  get revision(): number {
    return this.source.revision;
  }

  get policy(): Policy {
    return this.source.policy;
  }

  get prior(): PlacementPrior | null {
    return this.source.prior;
  }

  arm(id: BannerId): ArmModel {
    const known = this.models.get(id);
    if (known !== undefined) return known;
    const { policy, statistics, identify } = this.source;
    const held = statistics.get(id) ?? null;
    invariant(held === null || held.length === policy.family.length, 'statistics have the layout of the policy');
    const model = policy.derive(identify(id), held);
    this.models.set(id, model);
    return model;
  }

  /** What all banners together tell; null for a policy that looks at each alone. */
  pool(): PoolModel {
    const { policy, statistics, prior } = this.source;
    if (policy.pool === undefined) return null;
    this.pooled ??= { model: policy.pool.derive(this.triedArms(), statistics.get(SHARED_STATE) ?? null, prior) };
    return this.pooled.model;
  }

  /** @param context shape [policy.dimension] @param out shape [banners.length] */
  distribution(
    banners: readonly BannerId[],
    { context, at }: { readonly context: Float64Array; readonly at: number },
    out: Float64Array,
  ): void {
    const arms = this.asked;
    arms.length = banners.length;
    let i = 0;
    for (const id of banners) arms[i++] = this.arm(id);
    this.source.policy.distribution(arms, { context, at, pool: this.pool() }, out);
  }

  /** The state after these banners changed; this one stays as it is for the decisions that hold it. */
  next(revision: number, changed: readonly { readonly bannerId: BannerId; readonly statistics: Float64Array }[]): LearnedState {
    const statistics = new Map(this.source.statistics);
    const models = new Map(this.models);
    for (const { bannerId, statistics: numbers } of changed) {
      statistics.set(bannerId, numbers);
      models.delete(bannerId);
    }
    return new LearnedState({ ...this.source, revision, statistics }, models);
  }

  /** The same numbers, for banners that may have moved to other groups. */
  identifiedBy(identify: IdentifyBanner): LearnedState {
    return new LearnedState({ ...this.source, identify }, new Map());
  }

  /** The same numbers on another prior: the models of banners stay, what they tell together does not. */
  withPrior(prior: PlacementPrior | null): LearnedState {
    return new LearnedState({ ...this.source, prior }, new Map(this.models));
  }

  private triedArms(): readonly ArmModel[] {
    return Array.from(this.source.statistics.keys())
      .filter((id) => id !== SHARED_STATE)
      .sort((a, b) => (a < b ? -1 : 1)) // sums over banners do not depend on the order in which they were read
      .map((id) => this.arm(id));
  }
}
