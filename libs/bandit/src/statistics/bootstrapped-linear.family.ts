import { poissonOne } from '../numeric/poisson-one';
import { additiveFamily, squareOf } from './additive';
import { LINEAR, triangleAt, triangleLength } from './linear.family';
import type { AdditiveFamily, Observation } from './statistics-family';

/** How a bootstrap draws its samples. */
export interface Bootstrap {
  readonly dimension: number;
  /** Number of samples. */
  readonly replicas: number;
  /** Whether the first sample holds every trial once: the plain regression as one of the voters. */
  readonly plainFirst: boolean;
}

/** Numbers of one replica: the layout of the linear family, of the trials of its sample. */
export function replicaLength(dimension: number): number {
  return triangleAt(dimension) + triangleLength(dimension);
}

/** How many times a trial stands in a replica's sample: Poisson of mean 1, from the trial's key, so that its rewards count as often as it does. */
export function copiesIn(replica: number, key: number, plainFirst: boolean): number {
  return plainFirst && replica === 0 ? 1 : poissonOne(key, replica);
}

/**
 * Linear statistics of several bootstrap samples of the same trials, one after the other: `[replica 0, replica 1, ...]`, each in the
 * layout of the linear family. Drawn online: a trial stands in each sample a Poisson(1) number of times. That number depends on the
 * trial alone and its rewards share it, so everything is a sum of terms of single trials: merging and un-folding are exact.
 *
 * @see Oza & Russell, Online Bagging and Boosting, AISTATS 2001; Eckles & Kaptein, Thompson Sampling with the Online Bootstrap, 2014
 */
export function bootstrappedLinearFamily({ dimension, replicas, plainFirst }: Bootstrap): AdditiveFamily {
  const stride = replicaLength(dimension);
  const shape = { name: 'bootstrapped-linear', version: 1, contextual: true, length: replicas * stride };
  return additiveFamily(shape, (statistics, observation, sign) => {
    for (let replica = 0; replica < replicas; replica++) {
      const weight = sign * copiesIn(replica, observation.key, plainFirst);
      if (weight !== 0) addWeighted({ numbers: statistics, at: replica * stride }, observation, weight);
    }
  });
}

/** One replica's numbers within all. */
interface Block {
  readonly numbers: Float64Array;
  readonly at: number;
}

function addWeighted({ numbers, at }: Block, observation: Observation, weight: number): void {
  const { kind, context, reward } = observation;
  if (kind === 'TRIAL') {
    numbers[at + LINEAR.trials] = (numbers[at + LINEAR.trials] ?? 0) + weight;
    addOuter({ numbers, at: at + triangleAt(context.length) }, context, weight);
  }
  const share = weight * reward;
  numbers[at + LINEAR.squareSum] = (numbers[at + LINEAR.squareSum] ?? 0) + weight * squareOf(observation);
  if (share === 0) return;
  numbers[at + LINEAR.rewardSum] = (numbers[at + LINEAR.rewardSum] ?? 0) + share;
  const vector = at + LINEAR.vector;
  for (let i = 0; i < context.length; i++) numbers[vector + i] = (numbers[vector + i] ?? 0) + share * (context[i] ?? 0);
}

/** Adds weight x x^T to an upper triangle by rows. */
function addOuter({ numbers, at }: Block, context: Float64Array, weight: number): void {
  const d = context.length;
  let row = at; // row + j is the place of entry (i, j), j >= i
  for (let i = 0; i < d; i++) {
    const scaled = weight * (context[i] ?? 0);
    if (scaled !== 0) {
      for (let j = i; j < d; j++) numbers[row + j] = (numbers[row + j] ?? 0) + scaled * (context[j] ?? 0);
    }
    row += d - i - 1;
  }
}
