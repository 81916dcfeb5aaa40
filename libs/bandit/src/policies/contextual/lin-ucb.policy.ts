import { ok } from '@vitrine/kernel';
import { Scratch } from '../../numeric/scratch';
import type { Policy } from '../../policy';
import { linearFamily } from '../../statistics/linear.family';
import { LinearModeller, linearPosterior } from './linear-posterior';
import { LinearScorer } from './linear-scorer';
import { oneHot } from '../one-hot';
import { definePolicy } from '../policy-definition';

function createLinUcb(dimension: number, lambda: number, alpha: number): Policy {
  const modeller = new LinearModeller(dimension, lambda);
  const scorer = new LinearScorer(dimension);
  const scratch = new Scratch();
  return {
    name: 'lin-ucb',
    contextual: true,
    deterministic: true,
    family: linearFamily(dimension),
    dimension,
    derive: (_arm, statistics) => modeller.derive(statistics),
    follow: (model, statistics, observation) => modeller.follow(linearPosterior(model), statistics, observation),
    distribution(arms, { context }, out) {
      scorer.load(context);
      const scores = scratch.take(arms.length);
      for (let i = 0; i < arms.length; i++) {
        const posterior = linearPosterior(arms[i]);
        scores[i] = scorer.mean(posterior) + alpha * scorer.deviation(posterior);
      }
      oneHot(scores, arms.length, out);
    },
  };
}

/** The banner with the highest upper confidence bound x^T A^-1 b + alpha sqrt(x^T A^-1 x); ties share. */
export const linUcbPolicy = definePolicy({
  name: 'lin-ucb',
  summary: 'The banner whose linear estimate is highest after adding its uncertainty. Its logs need a floor to be evaluated.',
  contextual: true,
  deterministic: true,
  family: 'linear',
  rewards: 'any',
  complexity: { decide: 'O(K d^2)', learn: 'O(d^2)', state: '3 + d + d (d + 1) / 2 numbers per banner' },
  parameters: {
    lambda: { kind: 'number', description: 'Ridge: how strongly weights are drawn to 0.', default: 1, min: 1e-6, max: 1e6 },
    alpha: { kind: 'number', description: 'Width of the confidence bound; more explores more.', default: 0.5, min: 0, max: 1e3 },
  },
  paper: 'Li, Chu, Langford & Schapire, A Contextual-Bandit Approach to Personalized News Article Recommendation, WWW 2010, algorithm 1',
  build: ({ lambda, alpha }, dimension) => ok(createLinUcb(dimension, lambda, alpha)),
});
