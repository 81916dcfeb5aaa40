import { murmur3Bytes } from '@vitrine/kernel';

const LONGEST_OF_A_UNIT = 3;

/**
 * Hashes a text behind a fixed prefix, as `murmur3(prefix + text)` does, in a buffer of its own that only a longer text than any before
 * makes grow. Half of a surrogate pair counts as U+FFFD, as in every encoder of UTF-8.
 */
export class TextHasher {
  readonly #prefix: number;
  #bytes: Uint8Array;

  constructor(prefix: string) {
    this.#bytes = new Uint8Array(LONGEST_OF_A_UNIT * prefix.length + 64);
    this.#prefix = this.#write(prefix, 0);
  }

  /** @returns 32 bits, unsigned */
  hash(text: string): number {
    const most = this.#prefix + LONGEST_OF_A_UNIT * text.length;
    if (most > this.#bytes.length) this.#grow(most);
    return murmur3Bytes(this.#bytes, this.#write(text, this.#prefix));
  }

  #grow(length: number): void {
    const bytes = new Uint8Array(2 * length);
    bytes.set(this.#bytes.subarray(0, this.#prefix));
    this.#bytes = bytes;
  }

  /** @returns where the text ends */
  #write(text: string, from: number): number {
    const bytes = this.#bytes;
    let at = from;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80) {
        bytes[at++] = unit;
        continue;
      }
      const point = text.codePointAt(i) ?? unit;
      if (point > 0xffff) i++;
      at = writeLong(bytes, at, point >= 0xd800 && point < 0xe000 ? 0xfffd : point);
    }
    return at;
  }
}

/** A code point of two to four bytes. @returns where it ends */
function writeLong(bytes: Uint8Array, from: number, point: number): number {
  let at = from;
  if (point < 0x800) {
    bytes[at++] = 0xc0 | (point >> 6);
  } else if (point < 0x10000) {
    bytes[at++] = 0xe0 | (point >> 12);
    bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
  } else {
    bytes[at++] = 0xf0 | (point >> 18);
    bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
    bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
  }
  bytes[at++] = 0x80 | (point & 0x3f);
  return at;
}
