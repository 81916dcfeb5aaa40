import { invariant, ok } from '@vitrine/kernel';
import { bernoulliKl, klUpperBound } from '../../numeric/bernoulli-kl';
import { Scratch } from '../../numeric/scratch';
import type { Policy } from '../../policy';
import { countsFamily } from '../../statistics/counts.family';
import { oneHot } from '../one-hot';
import { definePolicy } from '../policy-definition';
import { deriveMean, MeanReward, meanRewardOf, NO_PRIOR, totalTrials } from './mean-reward';

const CLEARLY = 1 + 1e-9;

/** The mean as a rate: what lies outside [0, 1] (a reward out of range, a crumb of un-folding) counts as the nearer end. */
function deriveRate(statistics: Float64Array | null): MeanReward {
  const { mean, trials } = deriveMean(statistics, NO_PRIOR, 0);
  return new MeanReward(Math.min(Math.max(mean, 0), 1), trials);
}

/** f(t) = ln t + c ln ln t, as far as it is not negative. */
function budgetAt(trials: number, c: number): number {
  const time = Math.log(Math.max(trials, 1));
  return time + (c === 0 ? 0 : c * Math.log(Math.max(time, 1)));
}

function boundOf({ mean, trials }: MeanReward, budget: number): number {
  return trials > 0 ? klUpperBound(mean, budget / trials) : Infinity;
}

/**
 * Whether a banner's bound lies below the best one so far for certain: its trials rule that rate out. One divergence instead of the five of
 * solving for a bound that will not be the highest; a bound within rounding of the best is solved for, so that ties are seen.
 */
function isBelow(best: number, { mean, trials }: MeanReward, budget: number): boolean {
  return trials > 0 && mean < best && (best > 1 || trials * bernoulliKl(mean, best) > budget * CLEARLY);
}

function createKlUcb(c: number): Policy {
  const scratch = new Scratch();
  return {
    name: 'kl-ucb',
    contextual: false,
    deterministic: true,
    family: countsFamily,
    dimension: 0,
    derive: (_arm, statistics) => deriveRate(statistics),
    distribution(arms, _point, out) {
      invariant(arms.length > 0 && out.length === arms.length, 'one probability per eligible banner');
      const bounds = scratch.take(arms.length);
      const budget = budgetAt(totalTrials(arms), c);
      let best = 0;
      for (let i = 0; i < arms.length; i++) {
        const rate = meanRewardOf(arms[i]);
        const bound = isBelow(best, rate, budget) ? -Infinity : boundOf(rate, budget);
        best = Math.max(best, bound);
        bounds[i] = bound;
      }
      oneHot(bounds, arms.length, out);
    },
  };
}

/**
 * The highest rate that the trials do not rule out: max { q : n_a kl(m_a, q) <= ln t + c ln ln t }, kl the Bernoulli divergence, t the
 * trials of all eligible banners; untried ones come first, ties share. Asymptotically optimal for clicks, valid for every reward in [0, 1].
 * The source proves its bound for c = 3 and recommends c = 0.
 */
export const klUcbPolicy = definePolicy({
  name: 'kl-ucb',
  summary: 'The banner that could still be the best one, by the tightest bound for clicks.',
  contextual: false,
  deterministic: true,
  family: 'counts',
  rewards: 'unit',
  complexity: {
    decide: 'O(K), and about five Newton steps for each bound that may be the highest',
    learn: 'O(1)',
    state: '3 numbers per banner',
  },
  parameters: {
    c: { kind: 'number', description: 'Weight of ln ln t in the budget; more explores more.', default: 0, min: 0, max: 1e3 },
  },
  paper: 'Garivier & Cappé, The KL-UCB Algorithm for Bounded Stochastic Bandits and Beyond, COLT 2011, section 2',
  build: ({ c }) => ok(createKlUcb(c)),
});
