import { invariant, type Rng } from '@vitrine/kernel';
import type { ArmIdentity, ArmModel, DecisionPoint, Policy, PoolModel } from '../policy';
import { sampleIndex } from '../selection/sample-index';
import type { Observation } from '../statistics/statistics-family';

/** Who plays the rounds of a Bernoulli bandit: chooses one of its arms and learns whether it paid. */
export interface BernoulliPlayer {
  /** Forgets everything; further draws come from this stream. */
  begin(rng: Rng): void;
  choose(): number;
  /** @param reward 0 or 1 */
  learn(arm: number, reward: number): void;
}

const NO_CONTEXT = new Float64Array(0);

/**
 * Plays a context-free policy as the gateway would: every round asks `distribution` and draws from it, every reward is folded and the arm's
 * model derived anew.
 */
export class PolicyPlayer implements BernoulliPlayer {
  private readonly statistics: readonly Float64Array[];
  private readonly identities: readonly ArmIdentity[];
  private readonly models: ArmModel[];
  private readonly tried: Uint8Array;
  private readonly out: Float64Array;
  private readonly point: { -readonly [K in keyof DecisionPoint]: DecisionPoint[K] } = { context: NO_CONTEXT, at: 0, pool: null };
  private readonly trial: Observation = { kind: 'TRIAL', context: NO_CONTEXT, reward: 0, before: 0, propensity: 1, at: 0, key: 0 };
  private rng: Rng = () => 0;

  constructor(
    private readonly policy: Policy,
    identities: readonly ArmIdentity[],
  ) {
    invariant(!policy.contextual && policy.family.shared === undefined, 'Bernoulli bandits are for policies of banners without context');
    this.identities = identities;
    this.statistics = identities.map(() => new Float64Array(policy.family.length));
    this.models = identities.map(() => null);
    this.tried = new Uint8Array(identities.length);
    this.out = new Float64Array(identities.length);
  }

  begin(rng: Rng): void {
    this.rng = rng;
    this.tried.fill(0);
    for (const numbers of this.statistics) numbers.fill(0);
    for (const [arm, identity] of this.identities.entries()) this.models[arm] = this.policy.derive(identity, null);
    this.point.at = 0;
    this.point.pool = this.pooled();
  }

  choose(): number {
    this.policy.distribution(this.models, this.point, this.out);
    return sampleIndex(this.out, this.rng);
  }

  learn(arm: number, reward: number): void {
    const [numbers, identity] = [this.statistics[arm], this.identities[arm]];
    invariant(numbers !== undefined && identity !== undefined, 'the arm is one of the bandit');
    this.trial.reward = reward;
    this.trial.propensity = this.out[arm] ?? 0;
    this.trial.at = this.point.at++;
    this.policy.family.fold(numbers, this.trial);
    this.tried[arm] = 1;
    this.models[arm] = this.policy.derive(identity, numbers);
    if (this.policy.pool !== undefined) this.point.pool = this.pooled();
  }

  private pooled(): PoolModel {
    const triedModels = (): ArmModel[] => this.models.filter((_, arm) => this.tried[arm] === 1);
    return this.policy.pool?.derive(triedModels(), null) ?? null;
  }
}
