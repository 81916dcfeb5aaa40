import { invariant, rngFromNumber } from '@vitrine/kernel';
import { POLICIES } from '../policies/policy-registry';
import { fillSlots, type FilledSlots } from '../selection/fill-slots';
import { mixFloor } from '../selection/mix-floor';
import { sampleIndex } from '../selection/sample-index';
import { raceSlots } from '../selection/sticky-slots';
import { banners, built, distributionOf, learned } from './learned.fixture';

const SAMPLES = 1_000_000;
const LISTS = 200_000;
const COUNT = 5;
const SLOTS = 3;
/** A cell with a smaller expectation is pooled with the others of its kind. */
const LEAST_EXPECTED = 20;
/** One-sided: 2e-8 per test, below 5e-6 over the whole battery. */
const Z = 5.5;

/** Settings beside the defaults in which a policy's distribution takes another shape. */
const SETTINGS: readonly (readonly [string, Record<string, unknown>])[] = [
  ...POLICIES.map(({ name }) => [name, {}] as const),
  ['epsilon-greedy', { epsilon: 0.5 }],
  ['softmax', { temperature: 0.2 }],
  ['linear-thompson', { width: 1 }],
  ['square-cb', { oracle: 'logistic' }],
  ['auto', { learners: ['ridge-1', 'common-10'] }],
  ['warm-up', { trials: 100 }],
];

/** Pearson's statistic with rare cells pooled, against its quantile by Wilson & Hilferty (1931). An impossible outcome is an infinite one. */
function disagreement(counts: readonly number[], probabilities: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let [statistic, cells, rareCount, rareExpected] = [0, 0, 0, 0];
  counts.forEach((count, i) => {
    const expected = total * (probabilities[i] ?? 0);
    if (expected === 0 && count > 0) statistic = Infinity;
    if (expected < LEAST_EXPECTED) {
      rareCount += count;
      rareExpected += expected;
      return;
    }
    statistic += (count - expected) ** 2 / expected;
    cells++;
  });
  // Poisson, so rare that the normal law does not hold: a bound that it passes with probability below 1e-8.
  if (rareCount > rareExpected + 8 * Math.sqrt(rareExpected + 1) + 8) return Infinity;
  const freedom = Math.max(cells - 1, 1);
  return statistic / (freedom * (1 - 2 / (9 * freedom) + Z * Math.sqrt(2 / (9 * freedom))) ** 3);
}

describe.each(SETTINGS)('the policy %s with %j', (name, params) => {
  const state = learned(built(name, params), COUNT, 11);
  const ids = banners(COUNT);
  const p = distributionOf(state, ids, 5);

  it('gives probabilities that sum to 1 within 1e-12, whatever order the banners come in', () => {
    expect(p.every((share) => share >= 0)).toBe(true);
    expect(Math.abs(p.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThan(1e-12);
    const reversed = distributionOf(state, ids.toReversed(), 5).toReversed();
    p.forEach((share, i) => expect(Math.abs(share - (reversed[i] ?? Number.NaN))).toBeLessThan(1e-12));
  });

  it('keeps its floor', () => {
    const floored = p.slice();
    mixFloor(floored, 0.2);
    expect(Math.min(...floored)).toBeGreaterThanOrEqual(0.2 / COUNT);
    expect(Math.abs(floored.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThan(1e-12);
  });

  it('is drawn from as often as it says', () => {
    const rng = rngFromNumber(77);
    const counts = Array.from(p, () => 0);
    for (let i = 0; i < SAMPLES; i++) {
      const index = sampleIndex(p, rng);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    expect(disagreement(counts, [...p])).toBeLessThan(1);
  });

  it.each([
    ['drawn', (weights: Float64Array, draw: () => number): FilledSlots => fillSlots(weights, SLOTS, draw)],
    ['raced', (weights: Float64Array, draw: () => number): FilledSlots => raceSlots(weights, SLOTS, draw)],
  ])('fills lists, %s, as often as the product of their conditional probabilities says', (_, fill) => {
    const weights = p.slice();
    mixFloor(weights, 0.1);
    const rng = rngFromNumber(78);
    const seen = new Map<number, { count: number; product: number }>();
    for (let draw = 0; draw < LISTS; draw++) {
      const { indices, propensities } = fill(weights, rng);
      const list = indices.reduce((key, index) => key * COUNT + index, 0);
      const known = seen.get(list);
      if (known !== undefined) known.count++;
      else seen.set(list, { count: 1, product: propensities.reduce((product, propensity) => product * propensity, 1) });
    }
    const lists = [...seen.values()];
    const unseen = 1 - lists.reduce((sum, { product }) => sum + product, 0);
    invariant(unseen > -1e-9, 'products of conditional probabilities are probabilities of different lists');
    const probabilities = [...lists.map(({ product }) => product), Math.max(unseen, 0)];
    expect(disagreement([...lists.map(({ count }) => count), 0], probabilities)).toBeLessThan(1);
  });
});
