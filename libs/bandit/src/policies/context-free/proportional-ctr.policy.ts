import { invariant, ok } from '@vitrine/kernel';
import type { Policy } from '../../policy';
import { countsFamily } from '../../statistics/counts.family';
import { deriveMean, meanOf, type MeanPrior } from './mean-reward';
import { definePolicy } from '../policy-definition';

function createProportionalCtr(prior: MeanPrior): Policy {
  return {
    name: 'proportional-ctr',
    contextual: false,
    deterministic: false,
    family: countsFamily,
    dimension: 0,
    derive: (_arm, statistics) => deriveMean(statistics, prior, 0),
    distribution(arms, _point, out) {
      invariant(arms.length > 0 && out.length === arms.length, 'one probability per eligible banner');
      let total = 0;
      for (let i = 0; i < arms.length; i++) {
        const rate = Math.max(meanOf(arms[i]), 0);
        out[i] = rate;
        total += rate;
      }
      for (let i = 0; i < arms.length; i++) out[i] = total > 0 ? (out[i] ?? 0) / total : 1 / arms.length;
    },
  };
}

/** Probability in proportion to the smoothed reward per trial: p_a = c_a / sum c. Negative means count as 0; all 0: even. */
export const proportionalCtrPolicy = definePolicy({
  name: 'proportional-ctr',
  summary: 'Each banner in proportion to its smoothed click-through rate. Never settles on the best one.',
  contextual: false,
  deterministic: false,
  family: 'counts',
  rewards: 'any',
  complexity: { decide: 'O(K)', learn: 'O(1)', state: '3 numbers per banner' },
  parameters: {
    priorMean: { kind: 'number', description: 'Rate that a banner is taken to have before it is tried.', default: 0.05, min: 0, max: 1e6 },
    priorTrials: {
      kind: 'number',
      description: 'How many trials that rate is worth; with 0 a banner that never earned anything is never shown beside one that did.',
      default: 20,
      min: 0,
      max: 1e6,
    },
  },
  paper: null,
  build: (prior) => ok(createProportionalCtr(prior)),
});
