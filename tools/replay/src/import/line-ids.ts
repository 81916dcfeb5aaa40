import { createHash } from 'node:crypto';

const FIRST_SLOTS = 1 << 12;
const MOST_FILL = 0.6;
const ID_BYTES = 16;

/**
 * Ids for records that bring none: a hash of the content, and how many equal records came before it in the file. So the same file again
 * gives the same ids, whatever it is called, and two equal lines of one file are two events. Twelve bytes per slot and at most
 * 2 / 0.6 slots per distinct record.
 */
export class LineIds {
  private keys = new Uint32Array(2 * FIRST_SLOTS);
  private counts = new Uint32Array(FIRST_SLOTS);
  private used = 0;

  next(content: string): string {
    const hash = createHash('sha256').update(content).digest();
    const nth = this.count(hash.readUInt32LE(0), hash.readUInt32LE(4));
    return `line-${hash.toString('base64url', 0, ID_BYTES)}-${nth}`;
  }

  /** How often the key came before. A collision of 64 bits only makes a number higher than it need be. */
  private count(low: number, high: number): number {
    if (this.used > this.counts.length * MOST_FILL) this.grow();
    const slot = this.slotOf(low, high);
    const before = this.counts[slot] ?? 0;
    if (before === 0) this.used += 1;
    this.keys[2 * slot] = low;
    this.keys[2 * slot + 1] = high;
    this.counts[slot] = before + 1;
    return before;
  }

  private slotOf(low: number, high: number): number {
    const mask = this.counts.length - 1;
    let slot = low & mask;
    while (this.counts[slot] !== 0 && (this.keys[2 * slot] !== low || this.keys[2 * slot + 1] !== high)) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, counts } = this;
    this.keys = new Uint32Array(2 * keys.length);
    this.counts = new Uint32Array(2 * counts.length);
    for (let old = 0; old < counts.length; old++) {
      const count = counts[old] ?? 0;
      if (count === 0) continue;
      const [low, high] = [keys[2 * old] ?? 0, keys[2 * old + 1] ?? 0];
      const slot = this.slotOf(low, high);
      this.keys[2 * slot] = low;
      this.keys[2 * slot + 1] = high;
      this.counts[slot] = count;
    }
  }
}
