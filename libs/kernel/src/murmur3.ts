import { murmurFinalizer } from './random';

const encoder = new TextEncoder();

function scramble(word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}

/**
 * MurmurHash3 x86 32-bit of the UTF-8 bytes: buckets, partitions and hashed features. Not for secrets.
 *
 * @see Appleby, SMHasher (public domain)
 */
export function murmur3(text: string, seed = 0): number {
  const bytes = encoder.encode(text);
  return murmur3Bytes(bytes, bytes.length, seed);
}

/** The same of the first `length` bytes of a buffer: for hot paths that encode into one of their own. Allocates nothing. */
export function murmur3Bytes(bytes: Uint8Array, length: number, seed = 0): number {
  const blocks = length & ~3;
  let h = seed >>> 0;
  for (let i = 0; i < blocks; i += 4) {
    h ^= scramble((bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16) | ((bytes[i + 3] ?? 0) << 24));
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) >>> 0;
  }
  let tail = 0;
  for (let i = length - 1; i >= blocks; i--) tail = (tail << 8) | (bytes[i] ?? 0);
  if (blocks < length) h ^= scramble(tail);
  return murmurFinalizer((h ^ length) >>> 0);
}
