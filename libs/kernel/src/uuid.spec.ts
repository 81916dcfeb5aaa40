import { uuidFromBytes, uuidToBytes, uuidv7 } from './uuid';

// RFC 9562, appendix A.6: the example of version 7.
const EXAMPLE = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f';
const EXAMPLE_TIME_MS = 0x017f22e279b0;
const EXAMPLE_RANDOM = Uint8Array.of(0xfc, 0xc3, 0xd8, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f);

describe('uuidv7', () => {
  it('gives the example of the standard, whatever the bits under version and variant', () => {
    expect(uuidv7(EXAMPLE_TIME_MS, EXAMPLE_RANDOM)).toBe(EXAMPLE);
  });

  it('sorts by time', () => {
    const earlier = uuidv7(1_000, new Uint8Array(10).fill(255));
    const later = uuidv7(1_001, new Uint8Array(10));
    expect(earlier < later).toBe(true);
  });

  it('always carries version 7 and variant 10', () => {
    for (let byte = 0; byte < 256; byte++) {
      expect(uuidv7(2 ** 48 - 1, new Uint8Array(10).fill(byte))).toMatch(/^ffffffff-ffff-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });
});

describe('uuidFromBytes and uuidToBytes', () => {
  it('undo each other', () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => i * 17);
    expect(uuidFromBytes(bytes)).toBe('00112233-4455-6677-8899-aabbccddeeff');
    expect(uuidToBytes('00112233-4455-6677-8899-aabbccddeeff')).toEqual(bytes);
  });
});
