/** A stream of independent uniform numbers in [0, 1). */
export type Rng = () => number;

const TWO_POW_MINUS_32 = 2 ** -32;
const TWO_POW_MINUS_53 = 2 ** -53;

function rotateLeft(x: number, k: number): number {
  return ((x << k) | (x >>> (32 - k))) >>> 0;
}

/**
 * xoshiro128** 1.1 as a source of 32-bit words.
 *
 * @param seed four 32-bit words, not all zero (a zero seed is replaced by 1, 2, 3, 4); copied
 * @see Blackman & Vigna, Scrambled Linear Pseudorandom Number Generators, ACM TOMS 47 (2021)
 */
export function xoshiro128(seed: Uint32Array | readonly number[]): () => number {
  let [a, b, c, d] = [(seed[0] ?? 0) >>> 0, (seed[1] ?? 0) >>> 0, (seed[2] ?? 0) >>> 0, (seed[3] ?? 0) >>> 0];
  if ((a | b | c | d) === 0) [a, b, c, d] = [1, 2, 3, 4];
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotateLeft(d, 11);
    return result;
  };
}

/** A stream of doubles with 53 random bits from a 128-bit seed. */
export function seededRng(seed: Uint32Array | readonly number[]): Rng {
  const next = xoshiro128(seed);
  return () => ((next() >>> 5) * 67108864 + (next() >>> 6)) * TWO_POW_MINUS_53;
}

/** Expands one number into a 128-bit seed (SplitMix32 steps), for tests, tools and declared experiment seeds. */
export function rngFromNumber(seed: number): Rng {
  const words = new Uint32Array(4);
  let state = seed >>> 0;
  for (let i = 0; i < 4; i++) {
    state = (state + 0x9e3779b9) >>> 0;
    words[i] = murmurFinalizer(state);
  }
  return seededRng(words);
}

/** mulberry32: the generator of the declared stream orders in the reference data. */
export function mulberry32(seed: number): Rng {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) * TWO_POW_MINUS_32;
  };
}

/** A Fisher-Yates order of 0..n-1: i from n-1 down to 1, j = floor(u (i + 1)). */
export function shuffledOrder(n: number, rng: Rng): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(rng() * (i + 1));
    const held = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = held;
  }
  return order;
}

export function murmurFinalizer(word: number): number {
  let h = word >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
