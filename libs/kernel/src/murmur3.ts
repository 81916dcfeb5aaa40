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
  const blocks = bytes.length & ~3;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let h = seed >>> 0;
  for (let i = 0; i < blocks; i += 4) {
    h ^= scramble(view.getUint32(i, true));
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) >>> 0;
  }
  let tail = 0;
  for (let i = bytes.length - 1; i >= blocks; i--) tail = (tail << 8) | (bytes[i] ?? 0);
  if (blocks < bytes.length) h ^= scramble(tail);
  return murmurFinalizer((h ^ bytes.length) >>> 0);
}
