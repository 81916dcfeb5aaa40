/** P(X <= k) of a Poisson variate of mean 1, for k = 0, 1, ... as far as doubles tell it from 1 at 32 bits. */
const CUMULATIVE: Float64Array = cumulative(13);

function cumulative(terms: number): Float64Array {
  const out = new Float64Array(terms);
  let mass = Math.exp(-1);
  let sum = 0;
  for (let k = 0; k < terms; k++) {
    sum += mass;
    out[k] = sum;
    mass /= k + 1;
  }
  return out;
}

/** Finaliser of MurmurHash3 (Appleby, public domain): every bit of the word reaches every bit of the result. */
function scramble(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * A Poisson variate of mean 1 that depends on nothing but its arguments, so that it can be drawn again.
 *
 * @param key 32-bit hash of what it is drawn for
 * @param stream which of several independent variates of that key
 * @see Devroye, Non-Uniform Random Variate Generation (1986), section III.2 (inversion)
 */
export function poissonOne(key: number, stream: number): number {
  const uniform = (scramble(scramble(key) + Math.imul(stream + 1, 0x9e3779b9)) + 0.5) * 2 ** -32;
  let k = 0;
  while (k < CUMULATIVE.length && uniform > (CUMULATIVE[k] ?? 1)) k++;
  return k;
}
