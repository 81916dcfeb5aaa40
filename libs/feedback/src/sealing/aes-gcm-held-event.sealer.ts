import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { invariant } from '@vitrine/kernel';
import type { HeldEventSealer } from '../application/quarantine.ports';
import type { HeldEvent } from '../domain/quarantine-entry';
import { parseHeldEvent } from '../schema/held-event.schema';
import type { TokenKey } from './aes-gcm-token.codec';

const CIPHER = 'aes-256-gcm';
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Version, key id, nonce; then the ciphertext and its tag. */
const HEADER_BYTES = 2 + NONCE_BYTES;

/**
 * Seals what the quarantine holds with AES-256-GCM, so that a copy of the database names nobody: an event that is kept to be driven again
 * needs its visitor, and a hash cannot be undone. The row's id is bound in as additional data, so that no row can be given another's
 * content.
 *
 * @param keys the ring of the tokens, under a derivation of its own: the first seals, all open. A row whose key left the ring stays
 *   listed and can no longer be driven again.
 */
export function createHeldEventSealer(keys: readonly TokenKey[]): HeldEventSealer {
  const ring = new Map(keys.map(({ id, key }) => [id, derived(key)]));
  const current = keys[0];
  const sealing = current === undefined ? undefined : ring.get(current.id);
  invariant(current !== undefined && sealing !== undefined, 'the ring holds a key');
  return {
    seal(rowId, held) {
      const header = Buffer.concat([Buffer.of(VERSION, current.id), randomBytes(NONCE_BYTES)]);
      const cipher = createCipheriv(CIPHER, sealing, header.subarray(2)).setAAD(boundTo(rowId, header));
      const body = Buffer.concat([cipher.update(JSON.stringify(held), 'utf8'), cipher.final()]);
      return Buffer.concat([header, body, cipher.getAuthTag()]).toString('base64url');
    },
    open(rowId, sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      const key = bytes.length > HEADER_BYTES + TAG_BYTES && bytes[0] === VERSION ? ring.get(bytes[1] ?? -1) : undefined;
      return key === undefined ? null : opened(rowId, bytes, key);
    },
  };
}

const derived = (master: Uint8Array): Buffer => Buffer.from(hkdfSync('sha256', master, new Uint8Array(0), 'vitrine/quarantine/v1', 32));
const boundTo = (rowId: string, header: Buffer): Buffer => Buffer.concat([header, Buffer.from(rowId)]);

function opened(rowId: string, bytes: Buffer, key: Buffer): HeldEvent | null {
  const header = bytes.subarray(0, HEADER_BYTES);
  const decipher = createDecipheriv(CIPHER, key, header.subarray(2), { authTagLength: TAG_BYTES })
    .setAAD(boundTo(rowId, header))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(HEADER_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
    const held = parseHeldEvent(JSON.parse(text));
    return held.ok ? held.value : null;
  } catch {
    return null; // another row's bytes, or a shape of another version
  }
}
