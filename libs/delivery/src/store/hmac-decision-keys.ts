import { decisionId, uuidFromBytes, type Clock } from '@vitrine/kernel';
import { keyedHash16, keyedHashHex, keyedSeed, newUuid } from '@vitrine/platform';
import type { DecisionKeys } from '../application/ports';

/** UUID version 8 (RFC 9562, section 5.8): the bits are ours. */
function versioned(bytes: Uint8Array): Uint8Array {
  const out = Uint8Array.from(bytes);
  out[6] = 0x80 | ((out[6] ?? 0) & 0x0f);
  out[8] = 0x80 | ((out[8] ?? 0) & 0x3f);
  return out;
}

/** Lengths keep the parts apart: no two lists of parts make the same text. */
function joined(parts: readonly string[]): string {
  return parts.map((part) => `${part.length}:${part}`).join('');
}

/** @param key 32 bytes; the same on every gateway, else retries at another gateway get another draw */
export function createDecisionKeys(key: Uint8Array, clock: Clock): DecisionKeys {
  return {
    freshId: () => decisionId(newUuid(clock)),
    derivedId: (parts) => decisionId(uuidFromBytes(versioned(keyedHash16(key, `id:${joined(parts)}`)))),
    seed: (id) => keyedSeed(key, `seed:${id}`),
    derivedSeed: (parts) => keyedSeed(key, `derived-seed:${joined(parts)}`),
    digest: (parts) => keyedHashHex(key, `digest:${joined(parts)}`),
  };
}
