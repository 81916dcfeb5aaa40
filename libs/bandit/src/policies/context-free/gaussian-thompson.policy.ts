import { invariant, ok } from '@vitrine/kernel';
import { NORMAL_CELLS_PER_SD, NORMAL_REACH, STANDARD_NORMAL } from '../../numeric/standard-normal';
import { WinnerIntegral } from '../../numeric/winner-integral';
import type { ArmModel, Policy } from '../../policy';
import { countsFamily } from '../../statistics/counts.family';
import { definePolicy, type ParameterValues } from '../policy-definition';
import { deriveGaussian, gaussianPosterior, pooledNoise, poolNoise, PooledNoise } from './gaussian-posterior';

/** A deviation is raised to this share of the largest mean: below it doubles lie too far apart to tell draws from each other. */
const LEAST_RELATIVE_DEVIATION = 1e-12;

const parameters = {
  noise: {
    kind: 'number',
    unit: 'reward',
    description: 'Standard deviation of one reward of a banner; where it is learned, the guess to start from.',
    default: 0.5,
    min: 1e-9,
    max: 1e9,
  },
  noiseFrom: {
    kind: 'choice',
    description: 'Whether the noise is learned from the spread of rewards within banners, or stays as given.',
    options: ['rewards', 'given'],
    default: 'rewards',
  },
  noiseTrials: { kind: 'number', unit: 'trials', description: 'How many trials the guess is worth.', default: 1, min: 1e-3, max: 1e9 },
  priorMean: {
    kind: 'number',
    unit: 'reward',
    description: 'Mean reward that a banner is taken to have before it is tried.',
    default: 0,
    min: -1e9,
    max: 1e9,
  },
  priorTrials: { kind: 'number', unit: 'trials', description: 'How many trials that mean is worth.', default: 1, min: 1e-3, max: 1e6 },
} as const;
type GaussianParameters = ParameterValues<typeof parameters>;

function createGaussianThompson(values: GaussianParameters): Policy {
  const integral = new WinnerIntegral();
  const given = new PooledNoise(values.noise);
  return {
    name: 'gaussian-thompson',
    contextual: false,
    deterministic: false,
    family: countsFamily,
    dimension: 0,
    derive: (_arm, statistics) => deriveGaussian(statistics, values),
    pool: { heavy: false, derive: (arms) => (values.noiseFrom === 'given' ? given : poolNoise(arms, values)) },
    distribution(arms, { pool }, out) {
      invariant(arms.length > 0 && out.length === arms.length, 'one probability per eligible banner');
      const { deviation } = pooledNoise(pool);
      const least = LEAST_RELATIVE_DEVIATION * largestMean(arms);
      integral.reserve(arms.length);
      for (let i = 0; i < arms.length; i++) {
        const { mean, weight } = gaussianPosterior(arms[i]);
        const scale = Math.max(deviation / Math.sqrt(weight), least);
        integral.set(i, { table: STANDARD_NORMAL, start: mean - NORMAL_REACH * scale, width: scale / NORMAL_CELLS_PER_SD, scale });
      }
      integral.solve(out);
    },
  };
}

function largestMean(arms: readonly ArmModel[]): number {
  let largest = 0;
  for (let i = 0; i < arms.length; i++) largest = Math.max(largest, Math.abs(gaussianPosterior(arms[i]).mean));
  return largest;
}

/**
 * Thompson sampling for rewards of any size (money, seconds): the mean of a banner with n trials and reward sum S is
 * N((S + m0 n0) / (n + n0), s^2 / (n + n0)), m0 and n0 the prior's; the probability that each banner's draw is the largest by quadrature,
 * with the error that `WinnerIntegral` states. Departs from the source, which takes rewards in [0, 1] and s = 1, in the noise s: it is
 * learned from the squared rewards of all banners together, and plugged in rather than integrated out (a normal, not Student's t).
 */
export const gaussianThompsonPolicy = definePolicy({
  name: 'gaussian-thompson',
  summary: 'Each banner with the probability that it is the best one, for rewards of any size, such as order values.',
  contextual: false,
  deterministic: false,
  family: 'counts',
  rewards: 'any',
  complexity: { decide: 'O(K) times some hundred quadrature nodes', learn: 'O(1)', state: '3 numbers per banner' },
  parameters,
  paper: 'Agrawal & Goyal, Further Optimal Regret Bounds for Thompson Sampling, AISTATS 2013, algorithm 2',
  build: (values) => ok(createGaussianThompson(values)),
});
