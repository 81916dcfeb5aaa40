import { invariant } from '@vitrine/kernel';
import { squareOf } from './additive';
import { COUNTS } from './counts.family';
import { indexIn, NO_INDEX, storedIndex } from './epoch-index';
import type { AdditiveFamily, Observation } from './statistics-family';
import type { TimedSums } from './timed-sums';

/** Layout of the discounted family. The sums are weighted by 2^((at - landmark) / halfLife); the landmark is kept in half-lives since the epoch. */
export const DISCOUNTED = { landmark: 0, trials: 1, rewardSum: 2, squareSum: 3, length: 4 } as const;

/** A discount is read at whole fractions of a half-life: a weight is at most 2^(1/64) - 1 = 1.1 % behind the time. */
const STEPS_PER_HALF_LIFE = 64;

/**
 * Trials and rewards whose weight halves every `halfLifeMs`, by the time of the trial and not of its arrival: forward decay.
 *
 * Weights are relative to a landmark, which is the half-life (since the epoch) of the newest trial. It moves by whole half-lives only, so
 * that moving it multiplies by a power of two, which is exact. Entries in any order, the merge of partial sums and un-folding therefore
 * agree to rounding. A later reward has the weight of its trial, so it counts like the same reward at once. A trial more than a thousand
 * half-lives older than the landmark weighs 0.
 *
 * Un-folding the newest trial leaves the landmark where it was: the sums are those without the trial at that landmark, and every reading
 * of them is the same to 1e-9 of a trial of that time. Sums of another half-life cannot be told from these: one policy version has one.
 *
 * @param halfLifeMs whole, at least 1
 * @see Cormode, Shkapenyuk, Srivastava & Xu, Forward Decay: A Practical Time Decay Model for Streaming Systems, ICDE 2009, section 3
 */
export function discountedFamily(halfLifeMs: number): AdditiveFamily {
  invariant(Number.isInteger(halfLifeMs) && halfLifeMs >= 1, 'a half-life is a whole number of milliseconds');
  const add = (statistics: Float64Array, observation: Observation, sign: 1 | -1): void => {
    const own = Math.floor(observation.at / halfLifeMs);
    moveLandmark(statistics, own);
    const weight = sign * 2 ** ((observation.at - own * halfLifeMs) / halfLifeMs) * 2 ** (own - landmarkOf(statistics));
    if (observation.kind === 'TRIAL') statistics[DISCOUNTED.trials] = (statistics[DISCOUNTED.trials] ?? 0) + weight;
    statistics[DISCOUNTED.rewardSum] = (statistics[DISCOUNTED.rewardSum] ?? 0) + weight * observation.reward;
    statistics[DISCOUNTED.squareSum] = (statistics[DISCOUNTED.squareSum] ?? 0) + weight * squareOf(observation);
  };
  return {
    name: 'discounted',
    version: 1,
    contextual: false,
    length: DISCOUNTED.length,
    fold: (statistics, observation) => add(statistics, observation, 1),
    unfold: (statistics, observation) => add(statistics, observation, -1),
    merge: mergeDiscounted,
  };
}

function landmarkOf(statistics: Float64Array): number {
  return indexIn(statistics[DISCOUNTED.landmark] ?? 0);
}

/** Moves the landmark up to a half-life, never down. */
function moveLandmark(statistics: Float64Array, to: number): void {
  const from = landmarkOf(statistics);
  if (to <= from) return;
  const scale = 2 ** (from - to); // 0 where there is no landmark yet, and so no sums
  for (let i = DISCOUNTED.trials; i < DISCOUNTED.length; i++) statistics[i] = (statistics[i] ?? 0) * scale;
  statistics[DISCOUNTED.landmark] = storedIndex(to);
}

function mergeDiscounted(into: Float64Array, from: Float64Array): void {
  invariant(into.length === from.length, 'merged statistics have one layout');
  const landmark = landmarkOf(from);
  if (landmark === NO_INDEX) return;
  moveLandmark(into, landmark);
  const scale = 2 ** (landmark - landmarkOf(into));
  for (let i = DISCOUNTED.trials; i < DISCOUNTED.length; i++) into[i] = (into[i] ?? 0) + scale * (from[i] ?? 0);
}

/** Discounted sums of one banner: at a step, each trial weighs 2^-(age / halfLife). */
export class DiscountedSums implements TimedSums {
  private readonly trials: number;
  private readonly rewardSum: number;
  private readonly squareSum: number;
  private readonly firstStep: number;

  /** @param statistics of `discountedFamily(halfLifeMs)`, or null for none; not kept */
  constructor(
    statistics: Float64Array | null,
    private readonly halfLifeMs: number,
  ) {
    invariant(statistics === null || statistics.length === DISCOUNTED.length, 'statistics have the layout of the family');
    this.trials = statistics?.[DISCOUNTED.trials] ?? 0;
    this.rewardSum = statistics?.[DISCOUNTED.rewardSum] ?? 0;
    this.squareSum = statistics?.[DISCOUNTED.squareSum] ?? 0;
    this.firstStep = STEPS_PER_HALF_LIFE * (statistics === null ? NO_INDEX : landmarkOf(statistics));
  }

  stepAt(at: number): number {
    const whole = Math.floor(at / this.halfLifeMs);
    const part = Math.floor(((at - whole * this.halfLifeMs) * STEPS_PER_HALF_LIFE) / this.halfLifeMs);
    return Math.max(whole * STEPS_PER_HALF_LIFE + part, this.firstStep);
  }

  read(step: number, counts: Float64Array): void {
    const weight = this.firstStep === NO_INDEX ? 0 : 2 ** ((this.firstStep - step) / STEPS_PER_HALF_LIFE);
    counts[COUNTS.trials] = weight * this.trials;
    counts[COUNTS.rewardSum] = weight * this.rewardSum;
    counts[COUNTS.squareSum] = weight * this.squareSum;
  }
}
