import { createSealedBox } from '@vitrine/platform';
import type { HeldEventSealer } from '../application/quarantine.ports';
import type { HeldEvent } from '../domain/quarantine-entry';
import { parseHeldEvent } from '../schema/held-event.schema';
import type { TokenKey } from './aes-gcm-token.codec';

/**
 * Seals what the quarantine holds with AES-256-GCM, so that a copy of the database names nobody: an event that is kept to be driven again
 * needs its visitor, and a hash cannot be undone. The row's id is bound in as additional data, so that no row can be given another's
 * content.
 *
 * @param keys the ring of the tokens, under a derivation of its own: the first seals, all open. A row whose key left the ring stays
 *   listed and can no longer be driven again.
 */
export function createHeldEventSealer(keys: readonly TokenKey[]): HeldEventSealer {
  const box = createSealedBox(keys, 'vitrine/quarantine/v1');
  return {
    seal: (rowId, held) => box.seal(rowId, JSON.stringify(held)).toString('base64url'),
    open(rowId, sealed) {
      const opened = box.open(rowId, Buffer.from(sealed, 'base64url'));
      return opened.ok ? heldIn(opened.text) : null;
    },
  };
}

function heldIn(text: string): HeldEvent | null {
  try {
    const held = parseHeldEvent(JSON.parse(text));
    return held.ok ? held.value : null;
  } catch {
    return null; // a shape of another version
  }
}
