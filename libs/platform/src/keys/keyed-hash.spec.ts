import { deriveKey, keyedHashHex, keyedSeed } from './keyed-hash';

describe('keyed hashes', () => {
  it('are HMAC-SHA-256 (RFC 4231, test case 2), cut to 16 bytes', () => {
    const key = new TextEncoder().encode('Jefe');
    expect(keyedHashHex(key, 'what do ya want for nothing?')).toBe('5bdcc146bf60754e6a042426089575c7');
    expect([...keyedSeed(key, 'what do ya want for nothing?')]).toEqual([0x5bdcc146, 0xbf60754e, 0x6a042426, 0x089575c7]);
  });

  it('differ by key, text and purpose', () => {
    const [a, b] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    expect(keyedHashHex(a, 'x')).not.toBe(keyedHashHex(b, 'x'));
    expect(keyedHashHex(a, 'x')).not.toBe(keyedHashHex(a, 'y'));
    expect(deriveKey(a, 'tokens')).not.toEqual(deriveKey(a, 'seeds'));
  });
});
