import { invariant, ok } from '@vitrine/kernel';
import { Scratch } from '../../numeric/scratch';
import { NORMAL_CELLS_PER_SD, NORMAL_REACH, STANDARD_NORMAL } from '../../numeric/standard-normal';
import { WinnerIntegral } from '../../numeric/winner-integral';
import type { ArmIdentity, ArmModel, DecisionPoint, Policy } from '../../policy';
import type { Observation, StatisticsFamily } from '../../statistics/statistics-family';
import { linearFamily } from '../../statistics/linear.family';
import { LinearModeller, linearPosterior } from './linear-posterior';
import { LinearScorer } from './linear-scorer';
import { oneHot } from '../one-hot';
import { definePolicy } from '../policy-definition';

/** A deviation that vanishes beside the largest one is raised to this share of it. */
const LEAST_DEVIATION = 1e-9;
/** The same beside the largest mean, where doubles lie too far apart to tell such scores from each other. */
const LEAST_RELATIVE_DEVIATION = 1e-12;

class LinearThompson implements Policy {
  readonly name = 'linear-thompson';
  readonly contextual = true;
  readonly deterministic = false;
  readonly family: StatisticsFamily;
  private readonly modeller: LinearModeller;
  private readonly scorer: LinearScorer;
  private readonly integral = new WinnerIntegral();
  private readonly means = new Scratch();
  private readonly deviations = new Scratch();

  constructor(
    readonly dimension: number,
    lambda: number,
    private readonly width: number,
  ) {
    this.family = linearFamily(dimension);
    this.modeller = new LinearModeller(dimension, lambda);
    this.scorer = new LinearScorer(dimension);
  }

  derive(_arm: ArmIdentity, statistics: Float64Array | null): ArmModel {
    return this.modeller.derive(statistics);
  }

  follow(model: ArmModel, statistics: Float64Array, observation: Observation): void {
    this.modeller.follow(linearPosterior(model), statistics, observation);
  }

  distribution(arms: readonly ArmModel[], { context }: DecisionPoint, out: Float64Array): void {
    const n = arms.length;
    invariant(n > 0 && out.length === n, 'one probability per eligible banner');
    const means = this.means.take(n);
    const deviations = this.deviations.take(n);
    const widest = this.score(arms, context, means, deviations);
    if (widest === 0) return oneHot(means, n, out); // nothing is known of such a context, or everything
    const least = Math.max(LEAST_DEVIATION * widest, LEAST_RELATIVE_DEVIATION * largestMagnitude(means, n));
    this.integral.reserve(n);
    for (let i = 0; i < n; i++) {
      const scale = Math.max(deviations[i] ?? 0, least);
      const start = (means[i] ?? 0) - NORMAL_REACH * scale;
      this.integral.set(i, { table: STANDARD_NORMAL, start, width: scale / NORMAL_CELLS_PER_SD, scale });
    }
    this.integral.solve(out);
  }

  /** Writes each banner's posterior mean and deviation at the context; returns the largest deviation. */
  private score(arms: readonly ArmModel[], context: Float64Array, means: Float64Array, deviations: Float64Array): number {
    this.scorer.load(context);
    let widest = 0;
    for (let i = 0; i < arms.length; i++) {
      const posterior = linearPosterior(arms[i]);
      means[i] = this.scorer.mean(posterior);
      const deviation = this.width * this.scorer.deviation(posterior);
      deviations[i] = deviation;
      widest = Math.max(widest, deviation);
    }
    return widest;
  }
}

function largestMagnitude(values: Float64Array, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(values[i] ?? 0));
  return largest;
}

/**
 * Thompson sampling on one Bayesian linear regression per banner: weights ~ N(A^-1 b, width^2 A^-1), A = lambda I + sum x x^T.
 * At a context the scores are independent normals, so the probability that a banner's draw is the largest is a
 * one-dimensional integral: by quadrature, with the error that `WinnerIntegral` states, not by sampling.
 */
export const linearThompsonPolicy = definePolicy({
  name: 'linear-thompson',
  summary: 'Each banner with the probability that it is the best one for this context, under a linear model per banner.',
  contextual: true,
  deterministic: false,
  family: 'linear',
  rewards: 'any',
  complexity: { decide: 'O(K d^2)', learn: 'O(d^2)', state: '3 + d + d (d + 1) / 2 numbers per banner' },
  parameters: {
    lambda: { kind: 'number', description: 'Ridge: how strongly weights are drawn to 0.', default: 1, min: 1e-6, max: 1e6 },
    width: {
      kind: 'number',
      description: 'Scale of the posterior (noise of one reward); more explores more.',
      default: 0.25,
      min: 1e-6,
      max: 1e3,
    },
  },
  paper: 'Agrawal & Goyal, Thompson Sampling for Contextual Bandits with Linear Payoffs, ICML 2013',
  build: ({ lambda, width }, dimension) => ok(new LinearThompson(dimension, lambda, width)),
});
