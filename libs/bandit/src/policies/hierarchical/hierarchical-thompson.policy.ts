import { invariant, ok } from '@vitrine/kernel';
import { NormalWinner } from '../../numeric/normal-winner';
import { Scratch } from '../../numeric/scratch';
import type { ArmModel, DecisionPoint, Policy, PoolDerivation } from '../../policy';
import { countsFamily } from '../../statistics/counts.family';
import { definePolicy } from '../policy-definition';
import { CountedArm, countedArm } from './counted-arm';
import { DifferenceVariances, type CorrelatedBelief } from './difference-variances';
import { EffectPool, effectPool, type NoiseGuess } from './effect-pool';

class HierarchicalThompson implements Policy {
  readonly name = 'hierarchical-thompson';
  readonly contextual = false;
  readonly deterministic = false;
  readonly family = countsFamily;
  readonly dimension = 0;
  readonly derive = CountedArm.of;
  readonly pool: PoolDerivation;
  private readonly winner = new NormalWinner();
  private readonly differences = new DifferenceVariances();
  private readonly means = new Scratch();
  private readonly deviations = new Scratch();
  private readonly beliefs: CorrelatedBelief[] = [];

  constructor(guess: NoiseGuess) {
    this.pool = {
      heavy: true,
      readsPrior: true,
      derive: (arms, _shared, prior = null) => EffectPool.of(arms.map(countedArm), guess, prior),
    };
  }

  distribution(arms: readonly ArmModel[], point: DecisionPoint, out: Float64Array): void {
    const n = arms.length;
    invariant(n > 0 && out.length === n, 'one probability per eligible banner');
    const pool = effectPool(point.pool);
    const means = this.means.take(n);
    const deviations = this.deviations.take(n);
    this.beliefs.length = n;
    for (let i = 0; i < n; i++) {
      const belief = pool.beliefOf(countedArm(arms[i]));
      this.beliefs[i] = belief;
      means[i] = belief.mean;
    }
    this.differences.write(this.beliefs, deviations);
    this.winner.solve(means, deviations, out);
  }
}

/**
 * Thompson sampling in a normal model with random effects: the mean reward of banner a is `base + sum of its groups' effects + its own`,
 * a group's effect ~ N(0, tau_kind^2), its own ~ N(0, tau^2), a reward ~ N(mean, noise). `ArmIdentity.groups` are the groups; what stands before the
 * colon is their kind. The variances maximise the restricted likelihood (empirical Bayes), so the strength of transfer is learned: 0 pools
 * all banners of a kind, a large one pools none. A banner that nobody tried starts from base and groups. The noise comes from the
 * squares within banners. With a `PlacementPrior`, base and groups start from what other placements earned, and tau_kind^2 is what is
 * specific to this one.
 *
 * Posterior means share effects and so are correlated. The rule draws them independently with the variances of `DifferenceVariances`: what
 * all share is taken out, and the variances of pairwise differences are matched in least squares. The propensities are exact for that
 * rule (by quadrature, error as `WinnerIntegral`). Against draws from the joint posterior it is exact for two banners and where all pairs covary
 * equally; in 200 random models of 3 to 12 banners in two kinds of groups a probability differed by 0.015 on average and by 0.31 at most: many
 * banners that the data show to be alike win together more often than their one common mean would.
 *
 * Departures: Gaussian rewards with one noise for all banners, so a click rate near 0 counts as less certain than it is; the variances are
 * plugged in, their own uncertainty is not integrated out; a group in which nobody was tried counts as each of its banners' own; of more than 128
 * groups the least tried are left to their banners.
 */
export const hierarchicalThompsonPolicy = definePolicy({
  name: 'hierarchical-thompson',
  summary: 'Each banner with the probability that it is the best one, when banners of one campaign, category or tag learn from each other.',
  contextual: false,
  deterministic: false,
  family: 'counts',
  rewards: 'any',
  complexity: {
    decide: 'O(K G) and some hundred quadrature nodes per banner, G groups',
    learn: 'O(1); per revision at most 80 times O(K g G + G^3), g groups per banner',
    state: '3 numbers per banner',
  },
  parameters: {
    noise: {
      kind: 'number',
      description: 'First guess of the standard deviation of one reward around its banner’s mean.',
      default: 0.5,
      min: 1e-6,
      max: 1e9,
      unit: 'reward',
    },
    noiseTrials: { kind: 'number', description: 'How much the first guess weighs.', default: 2, min: 0.01, max: 1e6, unit: 'trials' },
  },
  paper:
    'Hong, Kveton, Zaheer & Ghavamzadeh, Hierarchical Bayesian Bandits, AISTATS 2022; variances: Searle, Casella & McCulloch, Variance Components (1992), chapter 6',
  build: (guess) => ok(new HierarchicalThompson(guess)),
});
