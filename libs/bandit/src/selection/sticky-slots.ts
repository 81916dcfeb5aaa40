import { invariant, mulberry32, murmur3 } from '@vitrine/kernel';
import type { FilledSlots } from './fill-slots';

const TWO_POW_26 = 2 ** 26;
const TWO_POW_27 = 2 ** 27;

/** A banner as the race knows it: two 32-bit hashes of its id. Worth keeping: computing it costs more than a banner's part in a race. */
export type StickyKey = readonly [number, number];

export function stickyKey(bannerId: string): StickyKey {
  return [murmur3(bannerId, 1), murmur3(bannerId, 2)];
}

/**
 * A number in [0, 1) that belongs to a seed and a banner: the same for as long as both are; over seeds uniform, to 53 bits, and
 * independent of other banners' numbers.
 *
 * @param seed two 32-bit words that only this visitor and placement have; keyed by a secret, or visitors can tell their draws
 */
export function keyedUniform(seed: readonly [number, number], key: StickyKey): number {
  const [high, low] = [mulberry32(seed[0] ^ key[0]), mulberry32(seed[1] ^ key[1])];
  return (Math.floor(high() * TWO_POW_27) + Math.floor(low() * TWO_POW_26) / TWO_POW_26) / TWO_POW_27;
}

/** Banners that finish in order of their clocks; those without probability start when all others have finished. */
interface Race {
  /** Shape [n]: logarithms of the clocks, so that no probability is too small to have one. */
  readonly clocks: Float64Array;
  readonly distribution: Float64Array;
  readonly taken: Uint8Array;
}

/** The first to finish of those that have not yet. */
function nextOf({ clocks, distribution, taken }: Race): number {
  let first = -1;
  for (let i = 0; i < clocks.length; i++) {
    if (taken[i] === 1) continue;
    if (first < 0 || finishesBefore(i, first, { clocks, distribution })) first = i;
  }
  return first;
}

function finishesBefore(i: number, j: number, { clocks, distribution }: Pick<Race, 'clocks' | 'distribution'>): boolean {
  const [starts, otherStarts] = [(distribution[i] ?? 0) > 0, (distribution[j] ?? 0) > 0];
  return starts === otherStarts ? (clocks[i] ?? 0) < (clocks[j] ?? 0) : starts;
}

/** Probability of a banner given that those before it are taken: its share of what is left, even when nothing is. */
function propensityOf(index: number, { distribution, taken }: Race): number {
  let mass = 0;
  let left = 0;
  for (let i = 0; i < distribution.length; i++) {
    if (taken[i] === 1) continue;
    mass += distribution[i] ?? 0;
    left++;
  }
  return mass > 0 ? (distribution[index] ?? 0) / mass : 1 / left;
}

/**
 * Fills slots like `fillSlots`, in such a way that a visitor keeps a banner while probabilities move little. Banner i finishes a race at
 * the time -ln(u_i) / p_i, where u_i is a uniform number that belongs to visitor and banner. Over visitors, banner i finishes first with
 * probability exactly p_i, and the order of finishing has the law of drawing without replacement by renormalised probabilities, so that
 * propensities are those of `fillSlots`. For one visitor the draw is settled once and for all: when p becomes q the first banner changes
 * for a share of visitors of at most 2 TV / (1 + TV), TV = sum |p - q| / 2 (independent draws change for nearly all of them).
 *
 * Banners without probability come after all others, in an order that is evenly distributed over visitors.
 *
 * @param distribution shape [n], each >= 0, sum 1; left as it is
 * @param slots at least 0; at most n are filled
 * @param uniformOf number in [0, 1) of the i-th banner (`keyedUniform`): the same for the same visitor and banner, whatever else is eligible
 * @see Efraimidis & Spirakis, Weighted random sampling with a reservoir, Information Processing Letters 97 (2006), section 2
 */
export function raceSlots(distribution: Float64Array, slots: number, uniformOf: (index: number) => number): FilledSlots {
  invariant(Number.isInteger(slots) && slots >= 0, 'a number of slots is whole');
  const count = Math.min(slots, distribution.length);
  const clocks = distribution.map((p, i) => Math.log(-Math.log1p(-uniformOf(i))) - (p > 0 ? Math.log(p) : 0));
  const race: Race = { clocks, distribution, taken: new Uint8Array(distribution.length) };
  const indices = new Int32Array(count);
  const propensities = new Float64Array(count);
  for (let slot = 0; slot < count; slot++) {
    const index = nextOf(race);
    indices[slot] = index;
    propensities[slot] = propensityOf(index, race);
    race.taken[index] = 1;
  }
  return { indices, propensities };
}
