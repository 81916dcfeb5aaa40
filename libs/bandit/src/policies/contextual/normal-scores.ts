import { invariant } from '@vitrine/kernel';
import { NormalWinner } from '../../numeric/normal-winner';
import { Scratch } from '../../numeric/scratch';
import type { ArmModel, DecisionPoint, Policy } from '../../policy';
import { oneHot } from '../one-hot';

/** What a policy needs of a model in which each banner's score at a context is normal. */
export interface NormalScores extends Pick<Policy, 'family' | 'dimension' | 'derive' | 'pool' | 'follow'> {
  /** @param means @param deviations receive mean and standard deviation of each banner's score, the first K of each */
  score(arms: readonly ArmModel[], point: DecisionPoint, into: { readonly means: Float64Array; readonly deviations: Float64Array }): void;
}

/** The banner with the highest mean + alpha deviation; ties share. */
export function upperBoundPolicy(name: string, scores: NormalScores, alpha: number): Policy {
  return scoredPolicy({ name, deterministic: true }, scores, (means, deviations, out) => {
    for (let i = 0; i < out.length; i++) means[i] = (means[i] ?? 0) + alpha * (deviations[i] ?? 0);
    oneHot(means, out.length, out);
  });
}

/** Each banner with the probability that its score, drawn from N(mean, (width deviation)^2) apart from the others', is the largest. */
export function thompsonPolicy(name: string, scores: NormalScores, width: number): Policy {
  const winner = new NormalWinner();
  return scoredPolicy({ name, deterministic: false }, scores, (means, deviations, out) => {
    for (let i = 0; i < out.length; i++) deviations[i] = width * (deviations[i] ?? 0);
    winner.solve(means, deviations, out);
  });
}

/** Turns scores, which it may change, into probabilities. */
type Choice = (means: Float64Array, deviations: Float64Array, out: Float64Array) => void;

function scoredPolicy(identity: Pick<Policy, 'name' | 'deterministic'>, scores: NormalScores, choose: Choice): Policy {
  const { family, dimension, pool } = scores;
  const [means, deviations] = [new Scratch(), new Scratch()];
  return {
    ...identity,
    contextual: true,
    family,
    dimension,
    ...(pool === undefined ? {} : { pool }),
    derive: (arm, statistics) => scores.derive(arm, statistics),
    ...(scores.follow === undefined ? {} : { follow: (model, statistics, observation) => scores.follow?.(model, statistics, observation) }),
    distribution(arms, point, out) {
      const n = arms.length;
      invariant(n > 0 && out.length === n, 'one probability per eligible banner');
      invariant(point.context.length === dimension, 'the context has the dimension of the policy');
      const into = { means: means.take(n), deviations: deviations.take(n) };
      scores.score(arms, point, into);
      choose(into.means, into.deviations, out);
    },
  };
}
