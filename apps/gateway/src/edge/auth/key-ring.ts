import { createHash, timingSafeEqual } from 'node:crypto';
import { keyIdOf } from '@vitrine/platform';

export interface KnownKey {
  readonly kind: 'publishable' | 'secret';
  /** Short hash of the key: safe to log and to count by. */
  readonly keyId: string;
}

export interface KeyRing {
  find(key: string): KnownKey | null;
}

/** Holds digests only. Every digest is compared on every look-up, so that its duration says nothing about the keys. */
export function createKeyRing(publishable: readonly string[], secret: readonly string[]): KeyRing {
  const entries = [
    ...publishable.map((key) => ({ digest: sha256(key), known: { kind: 'publishable' as const, keyId: keyIdOf(key) } })),
    ...secret.map((key) => ({ digest: sha256(key), known: { kind: 'secret' as const, keyId: keyIdOf(key) } })),
  ];
  return {
    find(key) {
      const digest = sha256(key);
      let found: KnownKey | null = null;
      for (const entry of entries) if (timingSafeEqual(entry.digest, digest)) found = entry.known;
      return found;
    },
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
