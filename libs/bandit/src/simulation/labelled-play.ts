import { bannerId, invariant, type BannerId, type Rng } from '@vitrine/kernel';
import type { Policy } from '../policy';
import { OnlineLearner } from '../runtime/online-learner';
import { mixFloor } from '../selection/mix-floor';
import { sampleIndex } from '../selection/sample-index';
import type { Observation } from '../statistics/statistics-family';

/** Examples with the right answer to each. */
export interface LabelledData {
  /** One context per row, each of shape [dimension]. */
  readonly contexts: readonly Float64Array[];
  /** Shape [rows]: the right arm of each row, in 0..arms-1. */
  readonly labels: Int32Array;
  readonly arms: number;
  readonly dimension: number;
}

export interface LabelledPlaySetup {
  readonly policy: Policy;
  readonly data: LabelledData;
  /** The row of each round. */
  readonly order: Int32Array;
  /** Share of even exploration on top of the policy, in [0, 1). */
  readonly floor: number;
  /** The choice of an arm takes one number per round. */
  readonly rng: Rng;
  /** How much time passes between rounds, for policies that forget by time. */
  readonly msPerRound: number;
}

const NO_CONTEXT = new Float64Array(0);

/**
 * Plays labelled data as a contextual bandit: the policy sees a row, one arm is drawn from its distribution, and only that arm's reward is
 * revealed: 1 when it is the label, 0 otherwise. Every round is one trial with its final reward, its propensity, key and time from the round.
 */
export class LabelledPlay {
  readonly rounds: number;
  private readonly learner: OnlineLearner;
  private readonly banners: readonly BannerId[];
  private readonly out: Float64Array;
  private readonly point: { context: Float64Array; at: number } = { context: NO_CONTEXT, at: 0 };
  private readonly observation: Observation = { kind: 'TRIAL', context: NO_CONTEXT, reward: 0, before: 0, propensity: 1, at: 0, key: 0 };
  private readonly lastQuarterFrom: number;
  private done = 0;
  private total = 0;
  private late = 0;

  constructor(private readonly setup: LabelledPlaySetup) {
    const { policy, data, order } = setup;
    invariant(!policy.contextual || policy.dimension === data.dimension, 'the policy takes contexts of these data');
    this.rounds = order.length;
    this.learner = new OnlineLearner(policy);
    this.banners = Array.from({ length: data.arms }, (_, arm) => bannerId(`label-${arm}`));
    this.out = new Float64Array(data.arms);
    this.lastQuarterFrom = order.length - Math.floor(order.length / 4);
  }

  get played(): number {
    return this.done;
  }

  get totalReward(): number {
    return this.total;
  }

  /** Over the last floor(rounds / 4) rounds; null when there is none of them. */
  get lastQuarterMeanReward(): number | null {
    const rounds = this.rounds - this.lastQuarterFrom;
    return rounds === 0 ? null : this.late / rounds;
  }

  /** Plays at most so many further rounds. */
  advance(rounds: number): void {
    const end = Math.min(this.done + rounds, this.rounds);
    while (this.done < end) this.playRound();
  }

  private playRound(): void {
    const { data, order, policy, floor, rng, msPerRound } = this.setup;
    const { out, point, observation } = this;
    const round = this.done;
    const row = order[round] ?? 0;
    point.context = policy.contextual ? (data.contexts[row] ?? NO_CONTEXT) : NO_CONTEXT;
    point.at = round * msPerRound;
    this.learner.distribution(this.banners, point, out);
    mixFloor(out, floor);
    const arm = sampleIndex(out, rng);
    const reward = arm === data.labels[row] ? 1 : 0;
    observation.context = point.context;
    observation.reward = reward;
    observation.propensity = Math.min(out[arm] ?? 0, 1);
    observation.at = point.at;
    observation.key = round;
    const banner = this.banners[arm];
    invariant(banner !== undefined, 'the arm is one of the labels');
    this.learner.observe(banner, observation);
    this.total += reward;
    if (round >= this.lastQuarterFrom) this.late += reward;
    this.done++;
  }
}
