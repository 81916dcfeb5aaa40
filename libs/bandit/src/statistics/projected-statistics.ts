import { SHARED_STATE, type BannerId } from '@vitrine/kernel';

/** A stretch `[from, to)` of every banner's numbers, seen as if it were all of them; nothing is copied. What belongs to no banner is left out. */
export class ProjectedStatistics implements ReadonlyMap<BannerId, Float64Array> {
  constructor(
    private readonly whole: ReadonlyMap<BannerId, Float64Array>,
    private readonly from: number,
    private readonly to: number,
  ) {}

  get size(): number {
    return this.whole.size - (this.whole.has(SHARED_STATE) ? 1 : 0);
  }

  has(id: BannerId): boolean {
    return id !== SHARED_STATE && this.whole.has(id);
  }

  get(id: BannerId): Float64Array | undefined {
    return id === SHARED_STATE ? undefined : this.whole.get(id)?.subarray(this.from, this.to);
  }

  forEach(visit: (value: Float64Array, id: BannerId, map: ReadonlyMap<BannerId, Float64Array>) => void): void {
    for (const [id, numbers] of this.entries()) visit(numbers, id, this);
  }

  *entries(): MapIterator<[BannerId, Float64Array]> {
    for (const [id, numbers] of this.whole) if (id !== SHARED_STATE) yield [id, numbers.subarray(this.from, this.to)];
  }

  *keys(): MapIterator<BannerId> {
    for (const [id] of this.entries()) yield id;
  }

  *values(): MapIterator<Float64Array> {
    for (const [, numbers] of this.entries()) yield numbers;
  }

  [Symbol.iterator](): MapIterator<[BannerId, Float64Array]> {
    return this.entries();
  }
}
