import { createPersonalSealer } from './personal-sealer';
import { createSealedBox } from './sealed-box';

const key = (id: number, fill: number) => ({ id, key: new Uint8Array(32).fill(fill) });
const ROW = { collection: 'profiles', id: 'p1' };
const ANNA = { aliases: ['anna'], traits: { size: 'L' } };

describe('sealing personal data', () => {
  const sealer = createPersonalSealer([key(1, 1)]);

  it('gives back what it sealed, shows nothing of it and never looks the same twice', () => {
    const sealed = sealer.seal(ROW, ANNA);
    expect(sealer.open(ROW, sealed)).toEqual(ANNA);
    expect(sealed.toString('latin1')).not.toContain('anna');
    expect(sealer.seal(ROW, ANNA)).not.toEqual(sealed);
  });

  it('opens no blob in another row or collection, and none of which a byte was changed', () => {
    const sealed = sealer.seal(ROW, ANNA);
    const moved = [
      { ...ROW, id: 'p2' },
      { ...ROW, collection: 'events' },
    ];
    for (const row of moved) expect(() => sealer.open(row, sealed)).toThrow(expect.objectContaining({ code: 'PERSONAL_DATA_UNREADABLE' }));
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => sealer.open(ROW, changed)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^PERSONAL_/) }));
    }
    expect(() => sealer.open(ROW, Buffer.alloc(5))).toThrow(expect.objectContaining({ code: 'PERSONAL_DATA_UNREADABLE' }));
  });

  it('seals under the first key, opens under all, and names the key that is missing', () => {
    const old = sealer.seal(ROW, ANNA);
    const both = createPersonalSealer([key(2, 2), key(1, 1)]);
    expect([both.keyId, both.keyIds]).toEqual([2, [2, 1]]);
    expect(both.open(ROW, old)).toEqual(ANNA);
    const unknown = { code: 'PERSONAL_KEY_UNKNOWN', details: { collection: 'profiles', keyId: 1 } };
    expect(() => createPersonalSealer([key(2, 2)]).open(ROW, old)).toThrow(expect.objectContaining(unknown));
    expect(() => sealer.open(ROW, both.seal(ROW, ANNA))).toThrow(
      expect.objectContaining({ details: { collection: 'profiles', keyId: 2 } }),
    );
  });

  it('keeps boxes of one ring and two purposes apart', () => {
    const sealed = createSealedBox([key(1, 1)], 'one').seal('x', 'text');
    expect(createSealedBox([key(1, 1)], 'one').open('x', sealed)).toEqual({ ok: true, text: 'text', keyId: 1 });
    expect(createSealedBox([key(1, 1)], 'other').open('x', sealed)).toEqual({ ok: false, error: 'FOREIGN' });
  });
});
