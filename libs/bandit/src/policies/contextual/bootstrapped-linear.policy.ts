import { invariant, ok } from '@vitrine/kernel';
import { dot } from '../../numeric/dot';
import { Scratch } from '../../numeric/scratch';
import type { ArmIdentity, ArmModel, DecisionPoint, Policy } from '../../policy';
import { bootstrappedLinearFamily, type Bootstrap } from '../../statistics/bootstrapped-linear.family';
import type { Observation, StatisticsFamily } from '../../statistics/statistics-family';
import { definePolicy } from '../policy-definition';
import { ReplicaModeller, replicaWeights, type ReplicaWeights } from './replica-models';

class BootstrappedLinear implements Policy {
  readonly name = 'bootstrapped-linear';
  readonly contextual = true;
  readonly deterministic = false;
  readonly family: StatisticsFamily;
  readonly dimension: number;
  private readonly modeller: ReplicaModeller;
  private readonly estimates = new Scratch();

  constructor(
    private readonly bootstrap: Bootstrap,
    lambda: number,
  ) {
    this.dimension = bootstrap.dimension;
    this.family = bootstrappedLinearFamily(bootstrap);
    this.modeller = new ReplicaModeller(bootstrap, lambda);
  }

  derive(_arm: ArmIdentity, statistics: Float64Array | null): ReplicaWeights {
    return this.modeller.derive(statistics);
  }

  follow(model: ArmModel, statistics: Float64Array, observation: Observation): void {
    this.modeller.follow(replicaWeights(model), statistics, observation);
  }

  distribution(arms: readonly ArmModel[], { context }: DecisionPoint, out: Float64Array): void {
    const n = arms.length;
    invariant(n > 0 && out.length === n, 'one probability per eligible banner');
    invariant(context.length === this.dimension, 'the context has the dimension of the policy');
    const estimates = this.estimates.take(n);
    out.fill(0);
    for (let replica = 0; replica < this.bootstrap.replicas; replica++) {
      for (let i = 0; i < n; i++) estimates[i] = this.estimate(arms[i], replica, context);
      addVote(estimates, 1 / this.bootstrap.replicas, out);
    }
  }

  private estimate(model: ArmModel, replica: number, context: Float64Array): number {
    const weights = replicaWeights(model).weights[replica];
    return weights === undefined ? 0 : dot(weights, context, this.dimension);
  }
}

/** Gives `vote` to the highest estimate; ties share it. */
function addVote(estimates: Float64Array, vote: number, out: Float64Array): void {
  let best = -Infinity;
  let ties = 0;
  for (let i = 0; i < out.length; i++) {
    const estimate = estimates[i] ?? 0;
    if (estimate > best) {
      best = estimate;
      ties = 1;
    } else if (estimate === best) ties++;
  }
  for (let i = 0; i < out.length; i++) {
    if (estimates[i] === best) out[i] = (out[i] ?? 0) + vote / ties;
  }
}

/**
 * Bagging: B ridge regressions per banner, each on its own bootstrap sample of the banner's trials, drawn online with Poisson(1) numbers
 * of copies. A banner's probability is the share of samples in which its estimate at the context is the highest, ties sharing: exact, as
 * the models are the state and nothing is drawn when deciding. The B regressions stand for draws from a posterior that assumes nothing
 * of the noise.
 *
 * A banner without trials has the estimate 0 in every sample. Probabilities are multiples of 1 / B but for ties, often 0: mix in a
 * floor if logs are to be evaluated.
 */
export const bootstrappedLinearPolicy = definePolicy({
  name: 'bootstrapped-linear',
  summary: 'Each banner by the share of linear models, fitted to resampled trials, that think it best for this context.',
  contextual: true,
  deterministic: false,
  family: 'bootstrapped-linear',
  rewards: 'any',
  complexity: { decide: 'O(B K d)', learn: 'O(B d^2)', state: 'B (3 + d + d (d + 1) / 2) numbers per banner' },
  parameters: {
    replicas: { kind: 'number', description: 'Number B of bootstrap samples.', default: 8, min: 2, max: 64, whole: true },
    lambda: { kind: 'number', description: 'Ridge: how strongly weights are drawn to 0.', default: 1, min: 1e-6, max: 1e6 },
    greedify: {
      kind: 'choice',
      description: 'Whether the first sample holds every trial once, so that the plain estimate always has a vote.',
      options: ['no', 'yes'],
      default: 'no',
    },
  },
  paper:
    'Eckles & Kaptein, Thompson Sampling with the Online Bootstrap, arXiv:1410.4009 (2014); Oza & Russell, Online Bagging and Boosting, AISTATS 2001',
  build: ({ replicas, lambda, greedify }, dimension) =>
    ok(new BootstrappedLinear({ dimension, replicas, plainFirst: greedify === 'yes' }, lambda)),
});
