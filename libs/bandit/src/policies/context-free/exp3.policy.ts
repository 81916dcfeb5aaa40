import { ok } from '@vitrine/kernel';
import { Scratch } from '../../numeric/scratch';
import type { Policy } from '../../policy';
import { mixFloor } from '../../selection/mix-floor';
import { adversarialFamily } from '../../statistics/adversarial.family';
import { gibbs } from '../gibbs';
import { definePolicy } from '../policy-definition';
import { deriveEstimate, estimatedReward } from './estimated-reward';

/** Corollary 3.2: the rate for a best banner that earns at most `horizon` in all; `gamma` itself where no horizon is given. */
function rateFor(banners: number, gamma: number, horizon: number): number {
  if (horizon === 0) return gamma;
  return Math.min(Math.sqrt((banners * Math.log(banners)) / ((Math.E - 1) * horizon)), 1);
}

function createExp3({ gamma, horizon }: { readonly gamma: number; readonly horizon: number }): Policy {
  const scratch = new Scratch();
  return {
    name: 'exp3',
    contextual: false,
    deterministic: false,
    family: adversarialFamily(0),
    dimension: 0,
    derive: (_arm, statistics) => deriveEstimate(statistics),
    distribution(arms, _point, out) {
      const scores = scratch.take(arms.length);
      const rate = rateFor(arms.length, gamma, horizon);
      for (let i = 0; i < arms.length; i++) scores[i] = (estimatedReward(arms[i]).gain * rate) / arms.length;
      gibbs(scores, arms.length, out);
      mixFloor(out, rate);
    },
  };
}

/**
 * Exponential weights for rewards that an adversary may choose: p_a = (1 - gamma) w_a / sum w + gamma / K, w_a = exp(gamma G_a / K), G_a
 * the sum of r / p over the banner's trials, p the logged probability. Departs from the source in keeping G rather than w, which cannot
 * overflow, and in reading K from the eligible set. It compares totals: a banner that joins late starts at 0 and has only gamma / K until it
 * has caught up, so take it for a set that stays.
 */
export const exp3Policy = definePolicy({
  name: 'exp3',
  summary: 'Safe against rewards that change in any way, even on purpose; slower than the others where they do not.',
  contextual: false,
  deterministic: false,
  family: 'adversarial',
  rewards: 'unit',
  complexity: { decide: 'O(K)', learn: 'O(1)', state: '3 numbers per banner' },
  parameters: {
    gamma: {
      kind: 'number',
      description: 'Learning rate and share of even exploration; unused with a horizon.',
      default: 0.1,
      min: 1e-6,
      max: 1,
    },
    horizon: {
      kind: 'number',
      unit: 'reward',
      description: 'What the best banner will earn at most in all, from which gamma follows; 0 takes gamma as given.',
      default: 0,
      min: 0,
      max: 1e12,
    },
  },
  paper: 'Auer, Cesa-Bianchi, Freund & Schapire, The Nonstochastic Multiarmed Bandit Problem, SIAM J. Comput. 32 (2002), section 3',
  build: (values) => ok(createExp3(values)),
});
