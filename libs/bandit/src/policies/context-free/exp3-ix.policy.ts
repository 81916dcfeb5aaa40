import { ok } from '@vitrine/kernel';
import { Scratch } from '../../numeric/scratch';
import type { ArmModel, Policy } from '../../policy';
import { adversarialFamily } from '../../statistics/adversarial.family';
import { gibbs } from '../gibbs';
import { definePolicy } from '../policy-definition';
import { deriveEstimate, estimatedReward } from './estimated-reward';

/** eta_t = sqrt(ln K / (K t)), t the trials of the eligible banners. */
function learningRate(arms: readonly ArmModel[]): number {
  let trials = 0;
  for (let i = 0; i < arms.length; i++) trials += estimatedReward(arms[i]).trials;
  return Math.sqrt(Math.log(arms.length) / (arms.length * Math.max(trials, 1)));
}

function createExp3Ix(gamma: number): Policy {
  const scratch = new Scratch();
  return {
    name: 'exp3-ix',
    contextual: false,
    deterministic: false,
    family: adversarialFamily(gamma),
    dimension: 0,
    derive: (_arm, statistics) => deriveEstimate(statistics),
    distribution(arms, _point, out) {
      const scores = scratch.take(arms.length);
      const eta = learningRate(arms);
      for (let i = 0; i < arms.length; i++) scores[i] = -eta * estimatedReward(arms[i]).loss;
      gibbs(scores, arms.length, out);
    },
  };
}

/**
 * Exponential weights with implicit exploration: p_a proportional to exp(-eta_t L_a), L_a the sum of (1 - r) / (p + gamma) over the
 * banner's trials, p the logged probability, eta_t = sqrt(ln K / (K t)). No even exploration is mixed in, yet the regret is small with high
 * probability, not only on average. Departs from the source in one thing: there gamma_t = eta_t / 2 shrinks with t, here gamma is one
 * number for all trials, what gamma_T is at the horizon T that matters, so that statistics stay sums that merge and un-fold. Like `exp3` it compares totals: a banner that joins late has lost nothing yet and is shown until it has.
 */
export const exp3IxPolicy = definePolicy({
  name: 'exp3-ix',
  summary: 'Like exp3 without wasting a fixed share on even exploration, and with far less luck in what it earns.',
  contextual: false,
  deterministic: false,
  family: 'adversarial',
  rewards: 'unit',
  complexity: { decide: 'O(K)', learn: 'O(1)', state: '3 numbers per banner' },
  parameters: {
    gamma: {
      kind: 'number',
      description: 'Implicit exploration, added to every propensity: sqrt(ln K / (K T)) / 2 for K banners and T trials in all.',
      default: 0.0025,
      min: 0,
      max: 1,
    },
  },
  paper: 'Neu, Explore no more: Improved high-probability regret bounds for non-stochastic bandits, NIPS 2015, algorithm 1 and theorem 1',
  build: ({ gamma }) => ok(createExp3Ix(gamma)),
});
