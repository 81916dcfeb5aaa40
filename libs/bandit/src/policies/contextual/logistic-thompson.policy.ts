import { ok } from '@vitrine/kernel';
import type { ArmModel, DecisionPoint } from '../../policy';
import { logisticFamily } from '../../statistics/logistic.family';
import type { StatisticsFamily } from '../../statistics/statistics-family';
import { definePolicy } from '../policy-definition';
import { LogisticModeller, logisticPosterior, type LogisticPosterior } from './logistic-posterior';
import { thompsonPolicy, type NormalScores } from './normal-scores';

/** Linear predictors of a logistic regression per banner: the link is monotone, so that they rank banners as the rewards do. */
class LogisticScores implements NormalScores {
  readonly family: StatisticsFamily;
  private readonly modeller: LogisticModeller;

  constructor(
    readonly dimension: number,
    lambda: number,
  ) {
    this.family = logisticFamily(dimension, lambda);
    this.modeller = new LogisticModeller(dimension, lambda);
  }

  derive(_arm: unknown, statistics: Float64Array | null): LogisticPosterior {
    return this.modeller.derive(statistics);
  }

  follow(model: ArmModel, statistics: Float64Array): void {
    this.modeller.follow(logisticPosterior(model), statistics);
  }

  score(arms: readonly ArmModel[], { context }: DecisionPoint, into: { means: Float64Array; deviations: Float64Array }): void {
    for (let i = 0; i < arms.length; i++) {
      const posterior = logisticPosterior(arms[i]);
      into.means[i] = this.modeller.mean(posterior, context);
      into.deviations[i] = this.modeller.deviation(posterior, context);
    }
  }
}

/**
 * Thompson sampling on one Bayesian logistic regression per banner: weights ~ N(w, width^2 P^-1), the Laplace approximation of their
 * posterior, kept up online by the logistic family. At a context the linear predictors are independent normals N(w x, width^2
 * x^T P^-1 x) and the link is monotone, so the probability that a banner's drawn reward is the largest is a one-dimensional
 * integral: by quadrature, with the error that `WinnerIntegral` states, not by sampling.
 *
 * By default draws are half as wide as the posterior (the source's reshaping), which earned more than the whole width on both labelled
 * reference sets.
 *
 * Departs from the source in three ways: the precision is a whole matrix, not its diagonal; trials enter one at a time, each at the mode
 * of the posterior so far with its likelihood, not in batches; a later reward moves its trial as the family says.
 */
export const logisticThompsonPolicy = definePolicy({
  name: 'logistic-thompson',
  summary: 'Each banner with the probability that it is the best one for this context, under a logistic model of clicks per banner.',
  contextual: true,
  deterministic: false,
  family: 'logistic',
  rewards: 'unit',
  complexity: { decide: 'O(K d^2)', learn: 'O(d^2)', state: '2 + d + d (d + 1) / 2 numbers per banner' },
  parameters: {
    lambda: { kind: 'number', description: 'Precision of the prior of each weight.', default: 1, min: 1e-6, max: 1e6 },
    width: {
      kind: 'number',
      description: 'Scale of the posterior; more explores more, 1 is the posterior itself.',
      default: 0.5,
      min: 1e-6,
      max: 1e3,
    },
  },
  paper: 'Chapelle & Li, An Empirical Evaluation of Thompson Sampling, NIPS 2011, section 2 and algorithm 3',
  build: ({ lambda, width }, dimension) => ok(thompsonPolicy('logistic-thompson', new LogisticScores(dimension, lambda), width)),
});
