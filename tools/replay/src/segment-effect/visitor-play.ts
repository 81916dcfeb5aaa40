import { mixFloor, OnlineLearner, sampleIndex, type Policy } from '@vitrine/bandit';
import { invariant, type Rng } from '@vitrine/kernel';
import type { Arrivals } from './arrivals';
import type { Visit } from './visitor-world';

export interface VisitorPlaySetup {
  readonly policy: Policy;
  readonly arrivals: Arrivals;
  /** Shape [rounds]: the visits in the order in which they are played. */
  readonly visits: readonly Visit[];
  /** Shape [rounds], each of shape [dimension]. */
  readonly contexts: readonly Float64Array[];
  /** Share of even exploration on top of the policy, in [0, 1). */
  readonly floor: number;
  /** The choice of a banner takes one number per round, whatever the policy: two plays with one seed get the same draws. */
  readonly rng: Rng;
}

const MS_PER_VISIT = 1_000;

/**
 * Plays arrivals against a learning policy: each visit it draws a banner without seeing the outcome, and learns where the draw equals what was
 * shown. When a visitor comes it is asked about all of their visits before any is played: the order of the visits is drawn, so each of them is as
 * likely to be the first one as any other, and all that is known of a first visit is told by all of them.
 *
 * @see Li, Chu, Langford & Wang, Unbiased Offline Evaluation of Contextual-bandit-based News Article Recommendation Algorithms, WSDM 2011, Algorithm 2
 */
export class VisitorPlay {
  readonly rounds: number;
  /** Shape [rounds]: probability of what was shown had the visit been the first one, with nothing learned of the visitor yet. */
  readonly onArrival: Float64Array;
  /** Shape [rounds]: probability of what was shown when the visit was played. */
  readonly probability: Float64Array;
  private readonly learner: OnlineLearner;
  private done = 0;
  private met = 0;

  constructor(private readonly setup: VisitorPlaySetup) {
    this.rounds = setup.visits.length;
    invariant(setup.contexts.length === this.rounds && setup.arrivals.visitor.length === this.rounds, 'a visit and a context per round');
    this.onArrival = new Float64Array(this.rounds);
    this.probability = new Float64Array(this.rounds);
    this.learner = new OnlineLearner(setup.policy);
  }

  get played(): number {
    return this.done;
  }

  /** Rounds so far whose draw equalled the log: what was learned from. */
  get matches(): number {
    return this.met;
  }

  /** Plays at most so many further rounds. */
  advance(rounds: number): void {
    const end = Math.min(this.done + rounds, this.rounds);
    while (this.done < end) this.playVisit(this.done++);
  }

  private playVisit(round: number): void {
    const { arrivals, rng } = this.setup;
    if (arrivals.visitsBefore[round] === 0) this.welcome(round);
    const { eligible, shown, reward } = this.visitOf(round);
    const chances = this.distribution(round);
    const propensity = Math.min(chances[shown] ?? 0, 1);
    this.probability[round] = propensity;
    if (sampleIndex(chances, rng) !== shown) return;
    const banner = eligible[shown];
    invariant(banner !== undefined, 'what was shown was eligible');
    this.met++;
    const context = this.contextOf(round);
    this.learner.observe(banner, { kind: 'TRIAL', context, reward, before: 0, propensity, at: round * MS_PER_VISIT, key: round });
  }

  /** Asks about every visit of the visitor whose first round this is. */
  private welcome(first: number): void {
    const { visitor } = this.setup.arrivals;
    for (let round = first; round < this.rounds && visitor[round] === visitor[first]; round++) {
      this.onArrival[round] = Math.min(this.distribution(round)[this.visitOf(round).shown] ?? 0, 1);
    }
  }

  private distribution(round: number): Float64Array {
    const { eligible } = this.visitOf(round);
    const out = new Float64Array(eligible.length); // eligible sets differ in size
    this.learner.distribution(eligible, { context: this.contextOf(round), at: round * MS_PER_VISIT }, out);
    mixFloor(out, this.setup.floor);
    return out;
  }

  private visitOf(round: number): Visit {
    const visit = this.setup.visits[round];
    invariant(visit !== undefined, 'a visit per round');
    return visit;
  }

  private contextOf(round: number): Float64Array {
    const context = this.setup.contexts[round];
    invariant(context !== undefined, 'a context per round');
    return context;
  }
}
