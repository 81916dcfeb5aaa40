import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { invariant } from '@vitrine/kernel';
import { deriveKey } from './keyed-hash';

const CIPHER = 'aes-256-gcm';
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Version, key id, nonce; then the ciphertext and its tag. */
const HEADER_BYTES = 2 + NONCE_BYTES;

/** One key of a ring, the current one first. */
export interface SealingKey {
  /** 0 to 255; never given to another key while rows of it may be left. */
  readonly id: number;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/** `UNKNOWN_KEY`: its key left the ring. `FOREIGN`: damaged, another row's bytes, or no sealed text at all. */
export type OpenedBox =
  | { readonly ok: true; readonly text: string; readonly keyId: number }
  | { readonly ok: false; readonly error: 'UNKNOWN_KEY'; readonly keyId: number }
  | { readonly ok: false; readonly error: 'FOREIGN' };

/** Texts sealed with AES-256-GCM under a random nonce, each bound to the name of the place where it lies. */
export interface SealedBox {
  /** Of the key that seals. */
  readonly keyId: number;
  /** Of every key that opens. */
  readonly keyIds: readonly number[];
  seal(boundTo: string, text: string): Buffer;
  open(boundTo: string, sealed: Uint8Array): OpenedBox;
}

/**
 * @param keys the first seals, all open; at least one
 * @param purpose name of the derivation (HKDF): boxes of one ring and two purposes cannot open each other's texts
 */
export function createSealedBox(keys: readonly SealingKey[], purpose: string): SealedBox {
  const ring = new Map(keys.map(({ id, key }) => [id, deriveKey(key, purpose)]));
  const keyId = keys[0]?.id;
  const sealing = keyId === undefined ? undefined : ring.get(keyId);
  invariant(keyId !== undefined && sealing !== undefined, 'the ring holds a key');
  return {
    keyId,
    keyIds: [...ring.keys()],
    seal(boundTo, text) {
      const header = Buffer.concat([Buffer.of(VERSION, keyId), randomBytes(NONCE_BYTES)]);
      const cipher = createCipheriv(CIPHER, sealing, header.subarray(2)).setAAD(boundBy(header, boundTo));
      return Buffer.concat([header, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    },
    open(boundTo, sealed) {
      const [version, id] = sealed;
      if (sealed.length < HEADER_BYTES + TAG_BYTES || version !== VERSION || id === undefined) return { ok: false, error: 'FOREIGN' };
      const key = ring.get(id);
      if (key === undefined) return { ok: false, error: 'UNKNOWN_KEY', keyId: id };
      const text = textOf(boundTo, sealed, key);
      return text === null ? { ok: false, error: 'FOREIGN' } : { ok: true, text, keyId: id };
    },
  };
}

const boundBy = (header: Uint8Array, boundTo: string): Buffer => Buffer.concat([header, Buffer.from(boundTo)]);

function textOf(boundTo: string, sealed: Uint8Array, key: Uint8Array): string | null {
  const header = sealed.subarray(0, HEADER_BYTES);
  const decipher = createDecipheriv(CIPHER, key, header.subarray(2), { authTagLength: TAG_BYTES })
    .setAAD(boundBy(header, boundTo))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return null; // the tag does not fit: other bytes, or another place
  }
}
