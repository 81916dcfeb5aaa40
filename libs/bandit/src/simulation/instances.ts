import { bannerId, shuffledOrder, type BannerId, type Rng } from '@vitrine/kernel';
import type { IdentifyBanner } from '../runtime/learned-state';
import type { BanditInstance, BanditWorld } from './bandit-instance';

const ARMS = 10;
/** Slow enough that three weeks, which defaults that forget over a week are made for, are 2,500 rounds. */
const MS_PER_ROUND = 12 * 60_000;
const SWITCH_EVERY = 2_500;
const GROUPS = 4;
const GROUPED_ARMS = 24;
const ARRIVE_EVERY = 250;
const ALWAYS_THERE = 4;

const bannersOf = (count: number): readonly BannerId[] => Array.from({ length: count }, (_, i) => bannerId(`banner-${i}`));
const kindOf: IdentifyBanner = (id) => ({ id, groups: [`kind:${Number(id.slice('banner-'.length)) % GROUPS}`] });
const rateOf = (arm: number): number => 0.02 * (arm + 1);

/** Ten banners with rates of 2, 4, ... 20 %, the same at all times and for everybody. */
export const BERNOULLI_INSTANCE: BanditInstance = {
  name: 'bernoulli',
  description: 'ten banners that are clicked with probability 0.02, 0.04, ... 0.20, the same for everybody and at all times',
  horizon: 10_000,
  dimension: 1,
  msPerRound: MS_PER_ROUND,
  banners: bannersOf(ARMS),
  begin: () => ({
    enter(_round, context, rates) {
      context[0] = 1;
      for (let arm = 0; arm < ARMS; arm++) rates[arm] = rateOf(arm);
    },
  }),
};

/** The same ten rates, dealt anew to the banners every 2,500 rounds. */
export const SWITCHING_INSTANCE: BanditInstance = {
  name: 'switching',
  description:
    'the ten rates 0.02, 0.04, ... 0.20, dealt anew to the banners every 2,500 rounds (three weeks, at a round every twelve minutes)',
  horizon: 10_000,
  dimension: 1,
  msPerRound: MS_PER_ROUND,
  banners: bannersOf(ARMS),
  begin(rng) {
    let order = shuffledOrder(ARMS, rng);
    return {
      enter(round, context, rates) {
        if (round > 0 && round % SWITCH_EVERY === 0) order = shuffledOrder(ARMS, rng);
        context[0] = 1;
        for (let arm = 0; arm < ARMS; arm++) rates[arm] = rateOf(order[arm] ?? 0);
      },
    };
  },
};

/** Weights with absolute sum 1, so that their product with values in [-1, 1] stays there. */
function directionOf(dimension: number, rng: Rng): Float64Array {
  const weights = Float64Array.from({ length: dimension }, () => 2 * rng() - 1);
  const size = weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
  return weights.map((weight) => weight / size);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** A constant, then values of -1 or 1. */
function fillContext(context: Float64Array, rng: Rng): void {
  context[0] = 1;
  for (let i = 1; i < context.length; i++) context[i] = rng() < 0.5 ? -1 : 1;
}

const LINEAR_DIMENSION = 8;

/** Ten banners whose rates are linear in eight features: who is best depends on the visitor. */
export const LINEAR_INSTANCE: BanditInstance = {
  name: 'linear',
  description:
    'ten banners with click rate 0.5 + 0.4 w x, w drawn per banner with |w| summing to 1, x a constant and seven values of -1 or 1',
  horizon: 5_000,
  dimension: LINEAR_DIMENSION,
  msPerRound: MS_PER_ROUND,
  banners: bannersOf(ARMS),
  begin(rng) {
    const weights = Array.from({ length: ARMS }, () => directionOf(LINEAR_DIMENSION, rng));
    return {
      enter(_round, context, rates) {
        fillContext(context, rng);
        for (const [arm, weight] of weights.entries()) rates[arm] = 0.5 + 0.4 * dot(weight, context);
      },
    };
  },
};

/** Four kinds of banners; a new banner arrives every 250 rounds and does nearly as its kind does. */
export const ARRIVALS_INSTANCE: BanditInstance = {
  name: 'arrivals',
  description:
    '24 banners of four kinds, the first four there from the start, then one more every 250 rounds; a kind is clicked with probability 0.05 to 0.30, a banner within 0.03 of its kind',
  horizon: 6_000,
  dimension: 1,
  msPerRound: MS_PER_ROUND,
  banners: bannersOf(GROUPED_ARMS),
  identify: kindOf,
  begin(rng): BanditWorld {
    const kinds = Array.from({ length: GROUPS }, () => 0.05 + 0.25 * rng());
    const own = Array.from({ length: GROUPED_ARMS }, (_, arm) => (kinds[arm % GROUPS] ?? 0) + 0.03 * (2 * rng() - 1));
    return {
      enter(round, context, rates) {
        context[0] = 1;
        const there = ALWAYS_THERE + Math.floor(round / ARRIVE_EVERY);
        for (const [arm, rate] of own.entries()) rates[arm] = arm < there ? rate : -1;
      },
    };
  },
};

/** The same arrivals where the visitor matters as well: what a kind is good for, its banners are nearly as good for. */
export const KINDS_INSTANCE: BanditInstance = {
  name: 'kinds',
  description:
    '24 banners of four kinds, the first four there from the start, then one more every 250 rounds; click rate 0.5 + 0.4 w x, w three parts its kind and one part its own, x a constant and seven values of -1 or 1',
  horizon: 6_000,
  dimension: LINEAR_DIMENSION,
  msPerRound: MS_PER_ROUND,
  banners: bannersOf(GROUPED_ARMS),
  identify: kindOf,
  begin(rng) {
    const kinds = Array.from({ length: GROUPS }, () => directionOf(LINEAR_DIMENSION, rng));
    const weights = Array.from({ length: GROUPED_ARMS }, (_, arm) => {
      const own = directionOf(LINEAR_DIMENSION, rng);
      return own.map((weight, i) => 0.25 * weight + 0.75 * (kinds[arm % GROUPS]?.[i] ?? 0));
    });
    return {
      enter(round, context, rates) {
        fillContext(context, rng);
        const there = ALWAYS_THERE + Math.floor(round / ARRIVE_EVERY);
        for (const [arm, weight] of weights.entries()) rates[arm] = arm < there ? 0.5 + 0.4 * dot(weight, context) : -1;
      },
    };
  },
};
