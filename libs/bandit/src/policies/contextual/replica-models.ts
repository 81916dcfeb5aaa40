import { invariant } from '@vitrine/kernel';
import { solveRidged } from '../../numeric/cholesky';
import type { ArmModel } from '../../policy';
import { copiesIn, replicaLength, type Bootstrap } from '../../statistics/bootstrapped-linear.family';
import type { Observation } from '../../statistics/statistics-family';
import { LinearModeller, regressionSums, type LinearPosterior } from './linear-posterior';

/** Ridge regression weights of one banner, one vector per replica. */
export class ReplicaWeights {
  /** Whole posteriors, once the model has begun to follow entries. */
  followed: readonly LinearPosterior[] | null = null;

  constructor(readonly weights: Float64Array[]) {}
}

export function replicaWeights(model: ArmModel): ReplicaWeights {
  invariant(model instanceof ReplicaWeights, 'a bootstrapped policy reads its own models');
  return model;
}

/**
 * Turns bootstrapped statistics into weights. Deriving solves for the weights only, as deciding needs nothing else; a model that
 * follows entries gets the inverses too, at its first. Holds scratch: one call at a time.
 */
export class ReplicaModeller {
  private readonly prior: ReplicaWeights;
  private readonly work: Float64Array;
  private readonly modeller: LinearModeller;
  private readonly weighted: Observation;

  constructor(
    private readonly bootstrap: Bootstrap,
    private readonly ridge: number,
  ) {
    const { dimension, replicas } = bootstrap;
    const none = new Float64Array(dimension);
    this.prior = new ReplicaWeights(Array.from({ length: replicas }, () => none));
    this.work = new Float64Array(dimension * dimension);
    this.modeller = new LinearModeller(dimension, ridge);
    this.weighted = { kind: 'TRIAL', context: none.slice(), reward: 0, before: 0, propensity: 1, at: 0, key: 0 };
  }

  derive(statistics: Float64Array | null): ReplicaWeights {
    if (statistics === null) return this.prior;
    const { dimension, replicas } = this.bootstrap;
    invariant(statistics.length === replicas * replicaLength(dimension), 'bootstrapped statistics have the dimension of the policy');
    return new ReplicaWeights(this.split(statistics).map((replica) => this.solve(replica)));
  }

  /** @param statistics with the observation folded in */
  follow(model: ReplicaWeights, statistics: Float64Array, observation: Observation): void {
    invariant(model !== this.prior, 'the weights of all untried banners stay as they are');
    const replicas = this.split(statistics);
    if (model.followed === null) {
      model.followed = replicas.map((replica) => this.modeller.derive(replica));
      model.followed.forEach(({ weights }, index) => (model.weights[index] = weights));
    } else {
      const { plainFirst } = this.bootstrap;
      for (const [index, posterior] of model.followed.entries()) {
        const copies = copiesIn(index, observation.key, plainFirst);
        if (copies > 0) this.modeller.follow(posterior, replicas[index] ?? statistics, this.repeated(observation, copies));
        model.weights[index] = posterior.weights; // they move when following begins
      }
    }
  }

  private split(statistics: Float64Array): Float64Array[] {
    const length = replicaLength(this.bootstrap.dimension);
    return Array.from({ length: this.bootstrap.replicas }, (_, r) => statistics.subarray(r * length, (r + 1) * length));
  }

  /** A^-1 b of one replica. */
  private solve(replica: Float64Array): Float64Array {
    const weights = new Float64Array(this.bootstrap.dimension);
    solveRidged(regressionSums(replica, weights.length), this.ridge, { out: weights, work: this.work });
    return weights;
  }

  /** One entry that moves least squares as `copies` equal ones do: context and reward times the root of their number. */
  private repeated({ kind, context, reward, before }: Observation, copies: number): Observation {
    const { weighted } = this;
    const root = Math.sqrt(copies);
    weighted.kind = kind;
    weighted.reward = reward * root;
    weighted.before = before * root;
    for (let i = 0; i < context.length; i++) weighted.context[i] = (context[i] ?? 0) * root;
    return weighted;
  }
}
