import { SHARED_STATE, type BannerId } from '@vitrine/kernel';
import type { ArmModel, Policy, PoolModel } from '../policy';
import type { PlacementPrior } from '../priors/prior-revision';
import type { Observation } from '../statistics/statistics-family';
import { withoutGroups, type IdentifyBanner, type StatisticsByBanner } from './learned-state';
import { LearnerInput } from './learner-input';

/** A heavy pool is derived again when the entries since reach this share of all. */
const HEAVY_POOL_SHARE = 0.02;

/**
 * A policy that decides and learns in one process, entry by entry: simulations, labelled data, logged interactions. What it folds is what a
 * worker folds, so the two end with the same statistics.
 */
export class OnlineLearner {
  private readonly held = new Map<BannerId, Float64Array>();
  private readonly models = new Map<BannerId, ArmModel>();
  /** Banners that have statistics, in the order of their ids: sums over banners do not depend on who came first. */
  private readonly tried: BannerId[] = [];
  private readonly input: LearnerInput;
  private pool: PoolModel = null;
  /** Written over by every decision. */
  private readonly arms: ArmModel[] = [];
  private entries = 0;
  private pooledAt = -1;

  constructor(
    readonly policy: Policy,
    private readonly identify: IdentifyBanner = withoutGroups,
    private readonly prior: PlacementPrior | null = null,
  ) {
    this.input = new LearnerInput(policy);
    if (policy.family.shared !== undefined) this.held.set(SHARED_STATE, new Float64Array(policy.family.shared.length));
  }

  /** Statistics so far; changed by `observe`. */
  get statistics(): StatisticsByBanner {
    return this.held;
  }

  /**
   * @param out shape [banners.length]
   * @throws DomainError ELIGIBLE_SET_EMPTY, FEATURE_VALUE_INVALID or CLOCK_SKEW, as `LearnerInput` says
   */
  distribution(
    banners: readonly BannerId[],
    { context, at }: { readonly context: Float64Array; readonly at: number },
    out: Float64Array,
  ): void {
    this.input.checkDecision(banners, context, at);
    this.refreshPool();
    const { arms } = this;
    arms.length = banners.length;
    let i = 0;
    for (const id of banners) arms[i++] = this.model(id);
    this.policy.distribution(arms, { context, at, pool: this.pool }, out);
  }

  /**
   * What it refuses it has not learned from.
   *
   * @throws DomainError FEATURE_VALUE_INVALID, REWARD_OUT_OF_RANGE, PROPENSITY_INVALID or CLOCK_SKEW, as `LearnerInput` says
   */
  observe(bannerId: BannerId, observation: Observation): void {
    const { family } = this.policy;
    this.input.checkObservation(observation);
    this.entries++;
    const shared = this.held.get(SHARED_STATE);
    if (shared !== undefined) family.shared?.fold(shared, this.held, { ...observation, bannerId });
    const known = this.held.get(bannerId);
    const statistics = known ?? new Float64Array(family.length);
    if (known === undefined) this.admit(bannerId, statistics);
    family.fold(statistics, observation);
    this.followOrForget(bannerId, statistics, observation);
  }

  private admit(bannerId: BannerId, statistics: Float64Array): void {
    // The model of an untried banner may be one that all untried banners share: from here on it has its own.
    this.models.delete(bannerId);
    if (this.policy.family.length === 0) return;
    this.held.set(bannerId, statistics);
    if (this.policy.follow !== undefined) this.models.set(bannerId, this.policy.derive(this.identify(bannerId), statistics));
    const at = this.tried.findIndex((other) => other > bannerId);
    this.tried.splice(at < 0 ? this.tried.length : at, 0, bannerId);
  }

  private followOrForget(bannerId: BannerId, statistics: Float64Array, observation: Observation): void {
    const model = this.models.get(bannerId);
    if (model === undefined || this.policy.follow === undefined) this.models.delete(bannerId);
    else this.policy.follow(model, statistics, observation);
  }

  private model(id: BannerId): ArmModel {
    const known = this.models.get(id);
    if (known !== undefined) return known;
    const model = this.policy.derive(this.identify(id), this.held.get(id) ?? null);
    this.models.set(id, model);
    return model;
  }

  private refreshPool(): void {
    const { pool } = this.policy;
    if (pool === undefined) return;
    const due = pool.heavy ? this.entries - this.pooledAt > HEAVY_POOL_SHARE * this.entries : this.entries !== this.pooledAt;
    if (!due && this.pooledAt >= 0) return;
    this.pool = pool.derive(
      this.tried.map((id) => this.model(id)),
      this.held.get(SHARED_STATE) ?? null,
      this.prior,
    );
    this.pooledAt = this.entries;
  }
}
