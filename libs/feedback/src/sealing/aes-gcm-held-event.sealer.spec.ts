import { visitorId } from '@vitrine/kernel';
import type { HeldEvent } from '../domain/quarantine-entry';
import { createHeldEventSealer } from './aes-gcm-held-event.sealer';

const key = (id: number, fill: number) => ({ id, key: new Uint8Array(32).fill(fill) });
const held: HeldEvent = {
  event: {
    eventId: 'e1',
    type: 'CLICK',
    occurredAt: 1_000,
    visitorId: visitorId('anna'),
    token: null,
    productId: null,
    category: null,
    value: { amountMinor: 5, currency: 'EUR' },
    dwellMs: null,
    url: 'https://shop.example/a',
    properties: { size: 'L' },
  },
  receivedAt: 2_000,
  userAgent: 'ua',
  signedIn: true,
};

describe('sealing what the quarantine holds', () => {
  const sealer = createHeldEventSealer([key(1, 1)]);

  it('gives back what it sealed, and shows nothing of it', () => {
    const sealed = sealer.seal('row', held);
    expect(sealer.open('row', sealed)).toEqual(held);
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('anna');
  });

  it('opens no row with the content of another, and nothing that was changed', () => {
    const sealed = sealer.seal('row', held);
    expect(sealer.open('other', sealed)).toBeNull();
    for (let at = 0; at < sealed.length - 1; at += 7) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(sealer.open('row', changed)).toBeNull();
    }
    expect(sealer.open('row', '')).toBeNull();
  });

  it('opens what a retired key sealed while the key is in the ring, and not after', () => {
    const sealed = sealer.seal('row', held);
    expect(createHeldEventSealer([key(2, 2), key(1, 1)]).open('row', sealed)).toEqual(held);
    expect(createHeldEventSealer([key(2, 2)]).open('row', sealed)).toBeNull();
  });
});
