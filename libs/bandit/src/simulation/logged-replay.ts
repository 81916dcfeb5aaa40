import { invariant, type BannerId, type Rng } from '@vitrine/kernel';
import type { Policy } from '../policy';
import type { IdentifyBanner } from '../runtime/learned-state';
import { OnlineLearner } from '../runtime/online-learner';
import { mixFloor } from '../selection/mix-floor';
import { sampleIndex } from '../selection/sample-index';

/** One decision of a log: who could have been shown, who was, and what came of it. */
export interface LoggedDecision {
  /** At least one banner, each once. */
  readonly eligible: readonly BannerId[];
  /** Which of them was shown: an index into `eligible`. */
  readonly shown: number;
  readonly reward: number;
  /** Shape [dimension]; read by contextual policies alone. */
  readonly context: Float64Array;
  /** ms since the epoch, or of any clock that runs forward. */
  readonly at: number;
}

export interface LoggedReplaySetup {
  readonly policy: Policy;
  /** In the order in which they are played. */
  readonly decisions: readonly LoggedDecision[];
  readonly identify: IdentifyBanner;
  /** Share of even exploration on top of the policy, in [0, 1). */
  readonly floor: number;
  /** The choice of a banner takes one number per decision. */
  readonly rng: Rng;
}

const NO_CONTEXT = new Float64Array(0);

/**
 * Replays a log against a learning policy: for every decision the policy draws a banner without seeing the outcome; only where its draw equals
 * what was shown is the outcome revealed to it. On a log of uniform choices the matched decisions are an unbiased history of the policy; where
 * the log chose unevenly, whoever reads the matches must weight them by one over the logged propensity.
 *
 * @see Li, Chu, Langford & Wang, Unbiased Offline Evaluation of Contextual-bandit-based News Article Recommendation Algorithms, WSDM 2011, Algorithm 2
 */
export class LoggedReplay {
  readonly rounds: number;
  /** Shape [rounds]: 1 where the draw equalled the log. */
  readonly matched: Uint8Array;
  /** Shape [rounds]: probability with which the policy would have shown what was shown, at that moment of its learning. */
  readonly probability: Float64Array;
  private readonly learner: OnlineLearner;
  private done = 0;

  constructor(private readonly setup: LoggedReplaySetup) {
    this.rounds = setup.decisions.length;
    this.matched = new Uint8Array(this.rounds);
    this.probability = new Float64Array(this.rounds);
    this.learner = new OnlineLearner(setup.policy, setup.identify);
  }

  get played(): number {
    return this.done;
  }

  /** Plays at most so many further decisions. */
  advance(rounds: number): void {
    const end = Math.min(this.done + rounds, this.rounds);
    while (this.done < end) this.playDecision();
  }

  private playDecision(): void {
    const round = this.done++;
    const decision = this.setup.decisions[round];
    invariant(decision !== undefined, 'a decision per round');
    const { policy, floor, rng } = this.setup;
    const { eligible, shown, reward, at } = decision;
    const context = policy.contextual ? decision.context : NO_CONTEXT;
    const out = new Float64Array(eligible.length); // eligible sets differ in size
    this.learner.distribution(eligible, { context, at }, out);
    mixFloor(out, floor);
    const propensity = Math.min(out[shown] ?? 0, 1);
    this.probability[round] = propensity;
    if (sampleIndex(out, rng) !== shown) return;
    this.matched[round] = 1;
    const banner = eligible[shown];
    invariant(banner !== undefined, 'what was shown was eligible');
    this.learner.observe(banner, { kind: 'TRIAL', context, reward, before: 0, propensity, at, key: round });
  }
}
