import { invariant } from '@vitrine/kernel';
import { Scratch } from '../../numeric/scratch';
import type { Policy } from '../../policy';
import { mixFloor } from '../../selection/mix-floor';
import { oneHot } from '../one-hot';
import { createOracle, regressionArm, type OracleName } from './regression-oracle';

export interface RegressionGreedyOptions {
  readonly name: string;
  readonly oracle: OracleName;
  readonly dimension: number;
  readonly lambda: number;
  readonly epsilon: number;
}

/** The banner with the highest estimate with probability 1 - epsilon, any banner with epsilon; ties share. */
export function regressionGreedy({ name, oracle: oracleName, dimension, lambda, epsilon }: RegressionGreedyOptions): Policy {
  const oracle = createOracle(oracleName, dimension, lambda);
  const scratch = new Scratch();
  return {
    name,
    contextual: true,
    deterministic: epsilon === 0,
    family: oracle.family,
    dimension,
    derive: (_arm, statistics) => oracle.derive(statistics),
    follow: (model, statistics, observation) => oracle.follow(regressionArm(model), statistics, observation),
    distribution(arms, { context }, out) {
      invariant(context.length === dimension, 'the context has the dimension of the policy');
      const estimates = scratch.take(arms.length);
      for (let i = 0; i < arms.length; i++) estimates[i] = oracle.estimate(regressionArm(arms[i]), context);
      oneHot(estimates, arms.length, out);
      mixFloor(out, epsilon);
    },
  };
}
