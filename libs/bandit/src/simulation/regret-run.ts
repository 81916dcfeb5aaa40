import { invariant, rngFromNumber, type BannerId, type Rng } from '@vitrine/kernel';
import type { Policy } from '../policy';
import { withoutGroups } from '../runtime/learned-state';
import { OnlineLearner } from '../runtime/online-learner';
import { mixFloor } from '../selection/mix-floor';
import { sampleIndex } from '../selection/sample-index';
import type { BanditInstance, BanditWorld } from './bandit-instance';

export interface RegretSetup {
  readonly policy: Policy;
  readonly instance: BanditInstance;
  /** Of the world and of the draws; the world of a seed is the same for every policy. */
  readonly seed: number;
  /** Share of even exploration on top of the policy, in [0, 1). */
  readonly floor: number;
  /** How many evenly spaced points of the curve are kept; the last is the horizon. */
  readonly points: number;
}

const NO_CONTEXT = new Float64Array(0);
const OTHER_STREAM = 0x5bd1e995;

/**
 * Pseudo-regret of one run: summed over rounds, the rate of the best banner that was there less the rate of the one that was shown. Unlike
 * regret in realised rewards it carries no noise of the rewards themselves.
 *
 * @returns shape [points]: the sum after each point's rounds
 * @see Bubeck & Cesa-Bianchi, Regret Analysis of Stochastic and Nonstochastic Multi-armed Bandit Problems, 2012, section 1.1
 */
export function simulateRegret(setup: RegretSetup): Float64Array {
  const { instance, points } = setup;
  const run = new RegretRun(setup);
  const curve = new Float64Array(points);
  for (let point = 0; point < points; point++) {
    curve[point] = run.regretAfter(Math.round(((point + 1) * instance.horizon) / points));
  }
  return curve;
}

class RegretRun {
  private readonly learner: OnlineLearner;
  private readonly world: BanditWorld;
  private readonly worldContext: Float64Array;
  private readonly policyContext: Float64Array;
  private readonly rates: Float64Array;
  private readonly rng: Rng;
  private banners: readonly BannerId[] = [];
  private out = new Float64Array(0);
  private round = 0;
  private regret = 0;

  constructor(private readonly setup: RegretSetup) {
    const { policy, instance, seed } = setup;
    invariant(!policy.contextual || policy.dimension === instance.dimension, 'the policy takes contexts of this instance');
    this.learner = new OnlineLearner(policy, instance.identify ?? withoutGroups);
    this.world = instance.begin(rngFromNumber(seed));
    this.rng = rngFromNumber(seed ^ OTHER_STREAM); // what a policy draws must not move the world
    this.worldContext = new Float64Array(instance.dimension);
    this.policyContext = policy.contextual ? this.worldContext : NO_CONTEXT;
    this.rates = new Float64Array(instance.banners.length);
  }

  regretAfter(rounds: number): number {
    while (this.round < rounds) this.play();
    return this.regret;
  }

  private play(): void {
    const { instance, floor } = this.setup;
    const { rates, policyContext: context } = this;
    this.world.enter(this.round, this.worldContext, rates);
    this.seeWhoIsThere();
    const at = this.round * instance.msPerRound;
    this.learner.distribution(this.banners, { context, at }, this.out);
    mixFloor(this.out, floor);
    const arm = sampleIndex(this.out, this.rng);
    const [banner, rate] = [this.banners[arm], rates[arm]];
    invariant(banner !== undefined && rate !== undefined, 'a banner was drawn');
    const reward = this.rng() < rate ? 1 : 0;
    this.learner.observe(banner, { kind: 'TRIAL', context, reward, before: 0, propensity: this.out[arm] ?? 0, at, key: this.round });
    this.regret += bestOf(rates) - rate;
    this.round++;
  }

  /** Banners arrive in the order of the instance's list, so those that are there are its beginning. */
  private seeWhoIsThere(): void {
    let there = 0;
    while (there < this.rates.length && (this.rates[there] ?? -1) >= 0) there++;
    if (there === this.banners.length) return;
    this.banners = this.setup.instance.banners.slice(0, there);
    this.out = new Float64Array(there);
  }
}

function bestOf(rates: Float64Array): number {
  let best = 0;
  for (let i = 0; i < rates.length; i++) best = Math.max(best, rates[i] ?? 0);
  return best;
}
