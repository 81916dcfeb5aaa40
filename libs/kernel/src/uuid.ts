const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Canonical text of 16 bytes. */
export function uuidFromBytes(bytes: Uint8Array): string {
  const s = Array.from(bytes.subarray(0, 16), hex).join('');
  return `${s.slice(0, 8)}-${s.slice(8, 12)}-${s.slice(12, 16)}-${s.slice(16, 20)}-${s.slice(20, 32)}`;
}

/** The 16 bytes of a canonical UUID text. */
export function uuidToBytes(uuid: string): Uint8Array {
  const s = uuid.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(s.slice(2 * i, 2 * i + 2), 16));
}

/**
 * UUID version 7: time-ordered, so that rows keyed by it are written at the end of their index.
 *
 * @param nowMs milliseconds since the epoch
 * @param random 10 random bytes
 * @see RFC 9562, section 5.7
 */
export function uuidv7(nowMs: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  let time = nowMs;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return uuidFromBytes(bytes);
}
