import { invariant, ok } from '@vitrine/kernel';
import { Scratch } from '../../numeric/scratch';
import type { ArmModel, Policy } from '../../policy';
import { definePolicy, type ParameterValues } from '../policy-definition';
import { createOracle, regressionArm } from './regression-oracle';

const parameters = {
  gammaScale: {
    kind: 'number',
    description: 'Learning rate gamma of the first trial; larger is greedier. In units of 1 / reward.',
    default: 10,
    min: 0,
    max: 1e9,
  },
  gammaExponent: { kind: 'number', description: 'Power of the trials with which gamma grows.', default: 0.5, min: 0, max: 1 },
  lambda: {
    kind: 'number',
    description: 'Ridge of the linear oracle, precision of the prior of the logistic one: how strongly weights are drawn to 0.',
    default: 1,
    min: 1e-6,
    max: 1e6,
  },
  oracle: { kind: 'choice', description: 'The regression that estimates rewards.', options: ['linear', 'logistic'], default: 'linear' },
} as const;

/**
 * Inverse gap weighting: p_a = 1 / (K + gamma (best - estimate_a)) for every banner below the best, which gets the rest; several that
 * are best share it, so that order cannot matter.
 *
 * @param estimates expected rewards, the first K of which are read
 * @param gamma >= 0; 0 gives all the same
 * @param out shape [K], K >= 1
 * @see Foster & Rakhlin 2020, algorithm 1 (mu = K)
 */
export function inverseGapWeighting(estimates: Float64Array, gamma: number, out: Float64Array): void {
  const n = out.length;
  let best = -Infinity;
  for (let i = 0; i < n; i++) best = Math.max(best, estimates[i] ?? 0);
  let rest = 1;
  let ties = 0;
  for (let i = 0; i < n; i++) {
    const gap = best - (estimates[i] ?? 0);
    const p = gap > 0 ? 1 / (n + gamma * gap) : 0;
    if (!(gap > 0)) ties++;
    out[i] = p;
    rest -= p;
  }
  for (let i = 0; i < n; i++) {
    if (!(best - (estimates[i] ?? 0) > 0)) out[i] = rest / ties;
  }
}

function trialsOf(arms: readonly ArmModel[]): number {
  let trials = 0;
  for (let i = 0; i < arms.length; i++) trials += regressionArm(arms[i]).trials;
  return trials;
}

function createSquareCb(values: ParameterValues<typeof parameters>, dimension: number): Policy {
  const { gammaScale, gammaExponent, lambda } = values;
  const oracle = createOracle(values.oracle, dimension, lambda);
  const scratch = new Scratch();
  return {
    name: 'square-cb',
    contextual: true,
    deterministic: false,
    family: oracle.family,
    dimension,
    derive: (_arm, statistics) => oracle.derive(statistics),
    follow: (model, statistics, observation) => oracle.follow(regressionArm(model), statistics, observation),
    distribution(arms, { context }, out) {
      invariant(arms.length > 0 && out.length === arms.length, 'one probability per eligible banner');
      invariant(context.length === dimension, 'the context has the dimension of the policy');
      const estimates = scratch.take(arms.length);
      for (let i = 0; i < arms.length; i++) estimates[i] = oracle.estimate(regressionArm(arms[i]), context);
      inverseGapWeighting(estimates, gammaScale * trialsOf(arms) ** gammaExponent, out);
    },
  };
}

/**
 * SquareCB: reduces bandits to regression. With estimates y_a of K eligible banners and t trials of these banners so far, gamma =
 * gammaScale t^gammaExponent and p_a = 1 / (K + gamma (y_best - y_a)), the best getting the rest: every banner keeps a
 * probability that shrinks with how much worse it looks.
 *
 * Departs from the source, whose gamma is one constant of the horizon, by the schedule of Vowpal Wabbit; its theory takes rewards in [0, 1].
 */
export const squareCbPolicy = definePolicy({
  name: 'square-cb',
  summary:
    'Each banner by how far its estimate lies below the best, more greedily as trials grow. Logs everything with a usable probability.',
  contextual: true,
  deterministic: false,
  family: 'linear',
  rewards: 'unit',
  complexity: { decide: 'O(K d)', learn: 'O(d^2)', state: '3 + d + d (d + 1) / 2 numbers per banner; 1 less with the logistic oracle' },
  parameters,
  paper: 'Foster & Rakhlin, Beyond UCB: Optimal and Efficient Contextual Bandits with Regression Oracles, ICML 2020, algorithm 1',
  build: (values, dimension) => ok(createSquareCb(values, dimension)),
});
