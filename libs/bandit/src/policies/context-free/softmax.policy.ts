import { ok } from '@vitrine/kernel';
import { Scratch } from '../../numeric/scratch';
import type { Policy } from '../../policy';
import { countsFamily } from '../../statistics/counts.family';
import { gibbs } from '../gibbs';
import { definePolicy, type ParameterValues } from '../policy-definition';
import { deriveMean, MEAN_PRIOR_PARAMETERS, meanOf, totalTrials } from './mean-reward';

const parameters = {
  temperature: {
    kind: 'number',
    unit: 'reward',
    description: 'Difference in mean reward that makes one banner e times as likely as another.',
    default: 0.01,
    min: 1e-9,
    max: 1e9,
  },
  cooling: {
    kind: 'choice',
    description: 'Whether the temperature stays or is divided by the logarithm of the trials so far.',
    options: ['constant', 'inverse-log'],
    default: 'constant',
  },
  ...MEAN_PRIOR_PARAMETERS,
} as const;
type SoftmaxParameters = ParameterValues<typeof parameters>;

function createSoftmax(values: SoftmaxParameters): Policy {
  const scratch = new Scratch();
  const { temperature, cooling } = values;
  return {
    name: 'softmax',
    contextual: false,
    deterministic: false,
    family: countsFamily,
    dimension: 0,
    derive: (_arm, statistics) => deriveMean(statistics, values, values.priorMean),
    distribution(arms, _point, out) {
      const scores = scratch.take(arms.length);
      const cold = cooling === 'constant' ? 1 : Math.max(Math.log(totalTrials(arms)), 1);
      for (let i = 0; i < arms.length; i++) scores[i] = (meanOf(arms[i]) * cold) / temperature;
      gibbs(scores, arms.length, out);
    },
  };
}

/**
 * Boltzmann exploration: p_a = exp(m_a / T) / sum_b exp(m_b / T) for mean rewards m. `inverse-log` cools: T_t = T / max(1, ln t) for t
 * trials of the eligible banners, the monotone schedule that the source studies. It looks at means only, not at how well they are known:
 * the source shows that no monotone schedule is both quick and safe, so this is a way to soften choices rather than to explore.
 */
export const softmaxPolicy = definePolicy({
  name: 'softmax',
  summary: 'Banners in proportion to the exponential of their average: close ones share, hopeless ones vanish.',
  contextual: false,
  deterministic: false,
  family: 'counts',
  rewards: 'any',
  complexity: { decide: 'O(K)', learn: 'O(1)', state: '3 numbers per banner' },
  parameters,
  paper: 'Cesa-Bianchi, Gentile, Lugosi & Neu, Boltzmann Exploration Done Right, NeurIPS 2017, sections 2 and 3',
  build: (values) => ok(createSoftmax(values)),
});
