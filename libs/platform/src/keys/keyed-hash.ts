import { createHash, createHmac, hkdfSync } from 'node:crypto';

/** HMAC-SHA-256 of a text, cut to 16 bytes. */
export function keyedHash16(key: Uint8Array, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest().subarray(0, 16);
}

/** The same as 32 hex digits. */
export function keyedHashHex(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
}

/** Four 32-bit words for a seeded generator. */
export function keyedSeed(key: Uint8Array, text: string): Uint32Array {
  const bytes = createHmac('sha256', key).update(text).digest();
  return Uint32Array.from([0, 4, 8, 12], (at) => bytes.readUInt32BE(at));
}

/** 32 bytes derived for one purpose (HKDF-SHA-256, RFC 5869). */
export function deriveKey(master: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', master, new Uint8Array(0), purpose, 32));
}

/** A short public name of a secret: first 12 hex digits of its SHA-256. */
export function keyIdOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 12);
}
