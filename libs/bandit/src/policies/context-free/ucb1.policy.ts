import { ok } from '@vitrine/kernel';
import { Scratch } from '../../numeric/scratch';
import type { Policy } from '../../policy';
import { countsFamily } from '../../statistics/counts.family';
import { oneHot } from '../one-hot';
import { definePolicy } from '../policy-definition';
import { deriveMean, meanRewardOf, NO_PRIOR, totalTrials } from './mean-reward';

function createUcb1(alpha: number): Policy {
  const scratch = new Scratch();
  return {
    name: 'ucb1',
    contextual: false,
    deterministic: true,
    family: countsFamily,
    dimension: 0,
    derive: (_arm, statistics) => deriveMean(statistics, NO_PRIOR, 0),
    distribution(arms, _point, out) {
      const bounds = scratch.take(arms.length);
      const budget = 2 * Math.log(Math.max(totalTrials(arms), 1));
      for (let i = 0; i < arms.length; i++) {
        const { mean, trials } = meanRewardOf(arms[i]);
        bounds[i] = trials > 0 ? mean + alpha * Math.sqrt(budget / trials) : Infinity;
      }
      oneHot(bounds, arms.length, out);
    },
  };
}

/**
 * The highest upper confidence bound m_a + alpha sqrt(2 ln t / n_a), n_a trials of the banner and t of all eligible ones; untried banners
 * come first. Ties share (the source plays each once in some order). Rewards lie in [0, 1]: with alpha = 1 the bound is then that of the
 * source; at click rates of a few per cent it is very wide, and `kl-ucb` far tighter.
 */
export const ucb1Policy = definePolicy({
  name: 'ucb1',
  summary: 'The banner that could still be the best one, by a bound that holds for every reward in [0, 1].',
  contextual: false,
  deterministic: true,
  family: 'counts',
  rewards: 'unit',
  complexity: { decide: 'O(K)', learn: 'O(1)', state: '3 numbers per banner' },
  parameters: {
    alpha: { kind: 'number', description: 'Width of the bound; 1 is that of the paper, less explores less.', default: 1, min: 0, max: 1e3 },
  },
  paper: 'Auer, Cesa-Bianchi & Fischer, Finite-time Analysis of the Multiarmed Bandit Problem, Machine Learning 47 (2002), section 2, UCB1',
  build: ({ alpha }) => ok(createUcb1(alpha)),
});
