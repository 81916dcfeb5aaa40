import { murmur3, murmur3Bytes } from './murmur3';

const SEEDS = [0, 1, 0x9747b28c, 0xffffffff];

describe('murmur3', () => {
  // Words of a separate C implementation of MurmurHash3_x86_32, compiled and run; tails of 0, 1, 2 and 3 bytes, and UTF-8.
  it.each([
    ['', [0x00000000, 0x514e28b7, 0xebb6c228, 0x81f16f39]],
    ['a', [0x3c2569b2, 0x588adce8, 0x7fa09ea6, 0x2a684527]],
    ['ab', [0x9bbfd75f, 0xb8079b46, 0x74875592, 0xaf7dbde5]],
    ['abc', [0xb3dd93fa, 0xaa75e9ff, 0xc84a62dd, 0xfc80c2af]],
    ['test', [0xba6bd213, 0x99c02ae2, 0x704b81dc, 0x65dc7bc1]],
    ['hello', [0x248bfa47, 0xbb4abcad, 0x5d7f56e8, 0x237b85cb]],
    ['hello, world', [0x149bbb7f, 0x6f5cb2e9, 0x9a933e00, 0x9ec5df6c]],
    ['The quick brown fox jumps over the lazy dog', [0x2e4ff723, 0x78e69e27, 0x2fa826cd, 0x23347cbe]],
    ['héllo ☃', [0x3558c569, 0x1c009221, 0xe5a401f9, 0x65cea7d9]],
  ])('hashes %j as the reference program does', (text, hashes) => {
    expect(SEEDS.map((seed) => murmur3(text, seed))).toEqual(hashes);
  });

  it('uses seed 0 unless told', () => {
    expect(murmur3('hello')).toBe(0x248bfa47);
  });

  it('hashes the beginning of a buffer as the text that it holds, whatever lies behind', () => {
    const bytes = new Uint8Array(64).fill(7);
    for (let length = 0; length <= 9; length++) {
      const text = 'Besançon!'.slice(0, length);
      const { written } = new TextEncoder().encodeInto(text, bytes);
      expect(murmur3Bytes(bytes, written, 3)).toBe(murmur3(text, 3));
    }
  });
});
