/** Writes numbers and texts one after the other, little-endian. */
export class ByteWriter {
  private held = new Uint8Array(1024);
  private used = 0;

  /** What was written so far; not to be changed. */
  bytes(): Uint8Array {
    return this.held.subarray(0, this.used);
  }

  uint32(value: number): void {
    this.room(4).setUint32(0, value, true);
  }

  /** UTF-8, after its length. */
  text(value: string): void {
    const encoded = new TextEncoder().encode(value);
    this.uint32(encoded.length);
    this.room(encoded.length);
    this.held.set(encoded, this.used - encoded.length);
  }

  /** To the bit; their number is not written. */
  doubles(values: Float64Array): void {
    const view = this.room(8 * values.length);
    for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i] ?? 0, true);
  }

  private room(length: number): DataView {
    const from = this.used;
    this.used += length;
    if (this.used > this.held.length) {
      const larger = new Uint8Array(2 * this.used);
      larger.set(this.held.subarray(0, from));
      this.held = larger;
    }
    return new DataView(this.held.buffer, from, length);
  }
}

/** Reads what `ByteWriter` wrote. */
export class ByteReader {
  private readonly view: DataView;
  private at = 0;

  /**
   * @param length how many of the bytes may be read
   * @param refusal made and thrown when more are asked for, or a text is none
   */
  constructor(
    private readonly source: Uint8Array,
    private readonly length: number,
    private readonly refusal: (found: string) => Error,
  ) {
    this.view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  }

  get atEnd(): boolean {
    return this.at === this.length;
  }

  uint32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  text(): string {
    const length = this.uint32();
    const from = this.advance(length);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.source.subarray(from, from + length));
    } catch {
      throw this.refusal('a text that is not UTF-8');
    }
  }

  doubles(length: number): Float64Array {
    const from = this.advance(8 * length);
    return Float64Array.from({ length }, (_, i) => this.view.getFloat64(from + 8 * i, true));
  }

  private advance(by: number): number {
    const from = this.at;
    if (from + by > this.length) throw this.refusal('fewer bytes than were written');
    this.at += by;
    return from;
  }
}

/**
 * FNV-1a, 32 bits: tells bytes that were changed by accident. Not for secrets.
 *
 * @see Fowler, Noll & Vo, The FNV Non-Cryptographic Hash Algorithm
 */
export function fnv1a(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash >>> 0;
}
