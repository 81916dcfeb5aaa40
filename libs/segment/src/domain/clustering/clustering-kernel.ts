import { invariant } from '@vitrine/kernel';
import type { RowMatrix } from '../row-matrix';
import { CLUSTERING_KERNEL } from './clustering-kernel.bytes';

/** The part of the engine's WebAssembly that is used here: the language's own library does not describe it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { readonly initial: number }) => WasmMemory;
  readonly Instance: new (module: object, imports: { readonly env: { readonly memory: WasmMemory } }) => { readonly exports: unknown };
};

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Functions of `wasm/clustering-kernel.ts`; addresses in bytes. */
interface Kernel {
  distances(rows: number, columns: number, rowsAt: number, group: number, out: number): void;
  /** Its arguments by name are in the source: rows, columns, rowsAt, groups, centroids, labels, nearest, scratch. */
  assign(...args: readonly [number, number, number, number, number, number, number, number]): void;
  accumulate(rows: number, columns: number, rowsAt: number, labels: number, sums: number, sizes: number): void;
}

interface Engine {
  readonly memory: WasmMemory;
  readonly kernel: Kernel;
}

/** Centroids that the kernel measures at once. */
export const GROUP = 4;
const DOUBLE = Float64Array.BYTES_PER_ELEMENT;
const PAGE = 65_536;
/** Nothing of ours lies below: a stray address of 0 does no harm. */
const FIRST_ADDRESS = 1_024;
/** Values of the rows that lie in the kernel's memory at once: they stay in a core's second cache. */
const BLOCK_VALUES = 32_768;
/** Doubles that `assign` writes over. */
const SCRATCH = 48;

let engine: Engine | null = null;

/** One for all clusterings of a thread, which run one after the other: an engine reserves gigabytes of addresses for every memory. */
function engineWith(bytes: number): Engine {
  engine ??= startEngine();
  const missing = bytes - engine.memory.buffer.byteLength;
  if (missing > 0) engine.memory.grow(Math.ceil(missing / PAGE));
  return engine;
}

function startEngine(): Engine {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(Uint8Array.from(atob(CLUSTERING_KERNEL), (letter) => letter.charCodeAt(0)));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { memory, kernel: exports as Kernel }; // what the source of these very bytes exports
}

/**
 * The kernel's memory during one clustering: k centroids, what is summed up for them, and one block of rows. Rows are copied in block by
 * block, so it stays small whatever there is to cluster. Making another one takes this one's memory over.
 */
export class ClusteringSpace {
  /** Most rows of a block, a multiple of four. */
  readonly blockRows: number;
  /** Of the rows of the block, after `assign`: nearest centroid, and the squared distance to it. */
  readonly labels: Int32Array;
  readonly nearest: Float64Array;
  /** Of the rows of the block, after `measure`: squared distances to four centroids, row by row. */
  readonly fours: Float64Array;
  /** Sum of the rows of each cluster, and how many they are, since `clearSums`. */
  readonly sums: Float64Array;
  readonly sizes: Int32Array;
  private readonly kernel: Kernel;
  private readonly rows: Float64Array;
  private readonly centroids: Float64Array;
  private groups = 0;

  constructor(
    readonly columns: number,
    readonly k: number,
  ) {
    this.blockRows = Math.max(1, Math.floor(BLOCK_VALUES / (columns * GROUP))) * GROUP;
    const room = Math.ceil(k / GROUP) * GROUP * columns;
    const fours = Math.max(GROUP * this.blockRows, SCRATCH);
    const lengths = [this.blockRows * columns, room, k * columns, fours, this.blockRows, this.blockRows, k];
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const { memory, kernel } = engineWith(FIRST_ADDRESS + DOUBLE * total);
    let at = FIRST_ADDRESS;
    const take = (length: number): number => (at += DOUBLE * length) - DOUBLE * length;
    const doubles = (length: number): Float64Array => new Float64Array(memory.buffer, take(length), length);
    const words = (length: number): Int32Array => new Int32Array(memory.buffer, take(length), length);
    this.kernel = kernel;
    this.rows = doubles(this.blockRows * columns);
    this.centroids = doubles(room);
    this.sums = doubles(k * columns);
    this.fours = doubles(fours);
    this.nearest = doubles(this.blockRows);
    this.labels = words(this.blockRows);
    this.sizes = words(k);
  }

  /** Takes at most k centroids over for `assign` and `measure`. */
  setCentroids({ rows, columns, values }: RowMatrix): void {
    invariant(columns === this.columns && rows <= this.k, 'the centroids fit the space');
    this.groups = Math.ceil(rows / GROUP);
    this.centroids.fill(Number.POSITIVE_INFINITY); // what fills up the last group is never nearest
    for (let centroid = 0; centroid < rows; centroid++) {
      const at = (centroid - (centroid % GROUP)) * columns + (centroid % GROUP);
      for (let c = 0; c < columns; c++) this.centroids[at + GROUP * c] = values[centroid * columns + c] ?? 0;
    }
  }

  clearSums(): void {
    this.sums.fill(0);
    this.sizes.fill(0);
  }

  /** Makes the rows [from, from + count) the block. */
  load({ columns, values }: RowMatrix, from: number, count: number): void {
    this.rows.set(values.subarray(from * columns, (from + count) * columns));
  }

  /** Makes the named rows the block, in the order given. */
  gather({ columns, values }: RowMatrix, order: Int32Array): void {
    let to = 0;
    for (const row of order) {
      const end = (row + 1) * columns;
      for (let at = row * columns; at < end; at++) this.rows[to++] = values[at] ?? 0;
    }
  }

  /** Fills `labels` and `nearest` for the first `count` rows of the block. */
  assign(count: number): void {
    const { kernel, columns, rows, groups, centroids, labels, nearest, fours } = this;
    const padded = Math.ceil(count / GROUP) * GROUP;
    kernel.assign(padded, columns, rows.byteOffset, groups, centroids.byteOffset, labels.byteOffset, nearest.byteOffset, fours.byteOffset);
  }

  /** Adds the first `count` rows of the block to the sums of their `labels`. */
  accumulate(count: number): void {
    const { kernel, columns, rows, labels, sums, sizes } = this;
    kernel.accumulate(count, columns, rows.byteOffset, labels.byteOffset, sums.byteOffset, sizes.byteOffset);
  }

  /** Fills `fours` for the first `count` rows of the block, with the distances to the first four centroids. */
  measure(count: number): void {
    const { kernel, columns, rows, centroids, fours } = this;
    kernel.distances(Math.ceil(count / GROUP) * GROUP, columns, rows.byteOffset, centroids.byteOffset, fours.byteOffset);
  }
}

/** Calls back for each block of rows, which is loaded by then. */
export function forEachBlock(space: ClusteringSpace, data: RowMatrix, visit: (from: number, count: number) => void): void {
  for (let from = 0; from < data.rows; from += space.blockRows) {
    const count = Math.min(space.blockRows, data.rows - from);
    space.load(data, from, count);
    visit(from, count);
  }
}
