import { invariant, ok } from '@vitrine/kernel';
import type { ArmIdentity, ArmModel, DecisionPoint, Policy, PoolDerivation } from '../../../policy';
import { linearFamily } from '../../../statistics/linear.family';
import { expandQuadratic, quadraticFamily } from '../../../statistics/quadratic.family';
import type { Observation, StatisticsFamily } from '../../../statistics/statistics-family';
import { definePolicy, parameterInvalid } from '../../policy-definition';
import { autoArm } from './auto-arm';
import { AutoModeller, type AutoShape } from './auto-modeller';
import { autoPool, derivePool } from './auto-pool';
import { AutoScorer } from './auto-scorer';
import { LEARNERS } from './learners';

class Auto implements Policy {
  readonly name = 'auto';
  readonly contextual = true;
  readonly deterministic = false;
  readonly family: StatisticsFamily;
  readonly dimension: number;
  readonly pool: PoolDerivation;
  private readonly modeller: AutoModeller;
  private readonly scorer: AutoScorer;
  private readonly features: Float64Array | null;

  constructor(shape: AutoShape) {
    const { dimension, learners, quadratic } = shape;
    this.dimension = dimension;
    this.family = quadratic ? quadraticFamily(dimension) : linearFamily(dimension);
    this.pool = { heavy: true, derive: (arms) => derivePool(learners, arms) };
    this.modeller = new AutoModeller(shape);
    this.scorer = new AutoScorer(dimension, quadratic);
    this.features = quadratic ? new Float64Array(this.modeller.length) : null;
  }

  derive(_arm: ArmIdentity, statistics: Float64Array | null): ArmModel {
    return this.modeller.derive(statistics);
  }

  follow(model: ArmModel, statistics: Float64Array, observation: Observation): void {
    const { features } = this;
    if (features !== null) expandQuadratic(observation.context, features);
    this.modeller.follow(autoArm(model), statistics, { observation, features: features ?? observation.context });
  }

  distribution(arms: readonly ArmModel[], { context, pool }: DecisionPoint, out: Float64Array): void {
    invariant(arms.length > 0 && out.length === arms.length, 'one probability per eligible banner');
    invariant(context.length === this.dimension, 'the context has the dimension of the policy');
    this.scorer.distribution(arms, { context, pool: autoPool(pool) }, out);
  }
}

/**
 * Several ridge regressions per banner learn from the same trials: on the context with five strengths of shrinkage, once around weights
 * that all banners have in common, and, where the context is short, on the products of its values as well. They are averaged by the
 * probability that each gave to all rewards before they came (the progressive log score, which for Bayesian linear regression is a function
 * of the sums) and by a prior that prefers ridge 1; so is the noise sigma. Of K eligible banners each scores
 * m + z sigma sqrt(x^T A^-1 x) with z even over [1/3, 1] sqrt(ln K) (randomised optimism); its probability is how often it is the highest,
 * in closed form. Nothing is tuned: the width follows from the noise that is left.
 *
 * Departs from its sources in the law of z (RandUCB draws from a coupled discrete one), in taking the uncertainty from one reference
 * regression (ridge 1) per kind of features whatever the learners' shares are, and in estimating the noise.
 */
export const autoPolicy = definePolicy({
  name: 'auto',
  summary:
    'Runs several regressions, trusts them by how well they foresaw the rewards, and explores as much as the noise asks for. No tuning.',
  contextual: true,
  deterministic: false,
  family: 'linear',
  rewards: 'any',
  complexity: {
    decide: 'O(K d) and O(d^2) for each banner that may lead; d (d - 1) / 2 more dimensions where products are learned and trusted',
    learn: 'O(d^2)',
    state: '3 + d + d (d + 1) / 2 numbers per banner',
  },
  parameters: {
    learners: {
      kind: 'list',
      description: `Regressions to run: ${LEARNERS.map(({ name }) => name).join(', ')}. Quadratic ones run where the context is short enough.`,
      default: LEARNERS.map(({ name }) => name),
      maxLength: LEARNERS.length,
    },
    quadraticUpTo: {
      kind: 'number',
      description: 'Longest context whose products are learned as well: state grows with its fourth power.',
      default: 12,
      min: 0,
      max: 24,
      whole: true,
      unit: 'dimensions',
    },
  },
  paper:
    'Vaswani, Mehrabian, Durand & Kveton, Old Dog Learns New Tricks: Randomized UCB for Bandit Problems, AISTATS 2020; Bishop, Pattern Recognition and Machine Learning (2006), sections 3.4-3.5',
  build: ({ learners: names, quadraticUpTo }, dimension) => {
    const unknown = names.find((name) => LEARNERS.every((learner) => learner.name !== name));
    if (unknown !== undefined) return parameterInvalid('learners', `must name learners; ${unknown} is none`);
    const chosen = LEARNERS.filter(({ name }) => names.includes(name));
    const quadratic = dimension <= quadraticUpTo && chosen.some(({ features }) => features === 'quadratic');
    const learners = chosen.filter(({ features }) => features === 'linear' || quadratic);
    return learners.length === 0
      ? parameterInvalid('learners', 'must name at least one that runs at this dimension')
      : ok(new Auto({ dimension, learners, quadratic }));
  },
});
