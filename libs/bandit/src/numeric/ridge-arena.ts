import { RIDGE_KERNEL } from './ridge-kernel.bytes';

/** The part of the engine's WebAssembly that is used here: the language's own library does not describe it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { readonly initial: number }) => WasmMemory;
  readonly Instance: new (module: object, imports: { readonly env: { readonly memory: WasmMemory } }) => { readonly exports: unknown };
};

interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** Functions of `wasm/ridge-kernel.ts`; addresses in bytes, lengths in doubles. */
interface RidgeKernel {
  quadraticForm(d: number, triangle: number, x: number, places: number, lit: number): number;
  multiply(d: number, triangle: number, x: number, places: number, lit: number, out: number): void;
  sparseDot(v: number, x: number, places: number, lit: number): number;
  addFourOuterProducts(d: number, triangle: number, vectors: number, scales: number): void;
  addScaled(n: number, a: number, b: number, scale: number): void;
  dot(n: number, a: number, b: number): number;
}

const DOUBLE = Float64Array.BYTES_PER_ELEMENT;
const PAGE = 65_536;
/** Nothing of ours lies below: a stray address of 0 does no harm. */
const FIRST_ADDRESS = 1_024;
const FIRST_SLOTS = 8;
const MOST_SLOTS = 256;

let compiled: object | null = null;

function kernelModule(): object {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(RIDGE_KERNEL), (letter) => letter.charCodeAt(0)));
  return compiled;
}

/** Changes of the inverse that wait to be made in one pass. */
const WAITING = 4;

/**
 * Numbers of one regression in the memory of a kernel, and the kernel's functions on them. The inverse is S + sum of scale v v^T over the
 * changes that wait: every fourth makes them all, as reading and writing S costs more than the arithmetic.
 */
export class RidgeSlot {
  readonly weights: Float64Array;
  private readonly triangle: Float64Array;
  private readonly vectors: Float64Array;
  private readonly scales: Float64Array;
  private readonly weightsAt: number;
  private readonly vectorsAt: number;
  private readonly scalesAt: number;
  private waiting = 0;
  /** Address of the vector that was reached out last. */
  private reached: number;

  constructor(
    private readonly block: RidgeBlock,
    private readonly address: number,
  ) {
    const { dimension: d, memory } = block;
    this.weightsAt = address + (DOUBLE * d * (d + 1)) / 2;
    this.vectorsAt = this.weightsAt + DOUBLE * d;
    this.scalesAt = this.vectorsAt + WAITING * DOUBLE * d;
    this.reached = this.vectorsAt;
    this.triangle = new Float64Array(memory.buffer, address, (d * (d + 1)) / 2);
    this.weights = new Float64Array(memory.buffer, this.weightsAt, d);
    this.vectors = new Float64Array(memory.buffer, this.vectorsAt, WAITING * d);
    this.scales = new Float64Array(memory.buffer, this.scalesAt, WAITING);
  }

  /** Upper triangle of A^-1 by rows, with every change made. */
  inverse(): Float64Array {
    if (this.waiting === 0) return this.triangle;
    // The vectors of those that do not wait may hold anything, but 0 times anything finite is 0.
    this.scales.fill(0, this.waiting);
    this.makeChanges();
    return this.triangle;
  }

  /**
   * Hands the kernel the context of the calls that follow.
   *
   * @param token of the context, so that the regressions of one decision share the work; 0 for a context of its own
   */
  load(x: Float64Array, token: number): void {
    this.block.load(x, token);
  }

  /** Keeps A^-1 x for `shrink` and `moveWeights`; returns x^T A^-1 x. */
  reachOut(): number {
    const { kernel, dimension: d, xAt, placesAt, lit } = this.block;
    this.reached = this.vectorsAt + this.waiting * DOUBLE * d;
    kernel.multiply(d, this.address, xAt, placesAt, lit, this.reached);
    for (let k = 0; k < this.waiting; k++) {
      const vector = this.vectorsAt + k * DOUBLE * d;
      kernel.addScaled(d, this.reached, vector, (this.scales[k] ?? 0) * kernel.sparseDot(vector, xAt, placesAt, lit));
    }
    return kernel.sparseDot(this.reached, xAt, placesAt, lit);
  }

  mean(): number {
    const { kernel, xAt, placesAt, lit } = this.block;
    return kernel.sparseDot(this.weightsAt, xAt, placesAt, lit);
  }

  variance(): number {
    const { kernel, dimension: d, xAt, placesAt, lit } = this.block;
    let variance = kernel.quadraticForm(d, this.address, xAt, placesAt, lit);
    for (let k = 0; k < this.waiting; k++) {
      variance += (this.scales[k] ?? 0) * kernel.sparseDot(this.vectorsAt + k * DOUBLE * d, xAt, placesAt, lit) ** 2;
    }
    return variance;
  }

  /** A^-1 += scale v v^T, v the vector reached out last. */
  shrink(scale: number): void {
    this.scales[this.waiting++] = scale;
    if (this.waiting === WAITING) this.makeChanges();
  }

  /** weights += by v */
  moveWeights(by: number): void {
    this.block.kernel.addScaled(this.block.dimension, this.weightsAt, this.reached, by);
  }

  /** Takes over numbers that were computed elsewhere. */
  set(inverse: Float64Array, weights: Float64Array): void {
    this.waiting = 0;
    this.vectors.fill(0);
    this.triangle.set(inverse);
    this.weights.set(weights);
  }

  private makeChanges(): void {
    this.block.kernel.addFourOuterProducts(this.block.dimension, this.address, this.vectorsAt, this.scalesAt);
    this.waiting = 0;
  }
}

/** One memory with room for some regressions and one context. */
class RidgeBlock {
  readonly memory: WasmMemory;
  readonly kernel: RidgeKernel;
  readonly xAt = FIRST_ADDRESS;
  readonly placesAt: number;
  /** How many values of the context are not 0. */
  lit = 0;
  private readonly x: Float64Array;
  private readonly places: Int32Array;
  private loaded = 0;
  private used = 0;

  constructor(
    readonly dimension: number,
    readonly slots: number,
  ) {
    const bytes = this.firstSlot + slots * this.slotBytes;
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    const { exports } = new WebAssembly.Instance(kernelModule(), { env: { memory: this.memory } });
    this.kernel = exports as RidgeKernel; // what the source of these very bytes exports
    this.placesAt = this.xAt + DOUBLE * dimension;
    this.x = new Float64Array(this.memory.buffer, this.xAt, dimension);
    this.places = new Int32Array(this.memory.buffer, this.placesAt, dimension);
  }

  load(x: Float64Array, token: number): void {
    if (token === 0 ? this.holds(x) : token === this.loaded) return;
    this.loaded = token;
    this.x.set(x);
    let lit = 0;
    for (let i = 0; i < x.length; i++) if (x[i] !== 0) this.places[lit++] = i;
    this.lit = lit;
  }

  /** Learning mostly follows the decision on the same context. */
  private holds(context: Float64Array): boolean {
    const { x } = this;
    for (let i = 0; i < x.length; i++) if (x[i] !== context[i]) return false;
    return this.loaded !== 0 || this.lit > 0;
  }

  take(): RidgeSlot | null {
    if (this.used === this.slots) return null;
    return new RidgeSlot(this, this.firstSlot + this.used++ * this.slotBytes);
  }

  /** Behind the context and its places, which are given a double each. */
  private get firstSlot(): number {
    return FIRST_ADDRESS + 2 * DOUBLE * this.dimension;
  }

  private get slotBytes(): number {
    const d = this.dimension;
    return DOUBLE * ((d * (d + 1)) / 2 + d + WAITING * (d + 1));
  }
}

/**
 * Memory for regressions of one dimension that are followed entry by entry. Few large blocks: an engine reserves gigabytes of addresses for
 * each memory, and gives up after some hundreds.
 */
export class RidgeArena {
  private block: RidgeBlock | null = null;

  constructor(private readonly dimension: number) {}

  /** Null where there is no WebAssembly, or no memory for it: the caller goes on without. */
  take(): RidgeSlot | null {
    const slot = this.block?.take() ?? null;
    if (slot !== null) return slot;
    try {
      this.block = new RidgeBlock(this.dimension, Math.min(2 * (this.block?.slots ?? FIRST_SLOTS / 2), MOST_SLOTS));
      return this.block.take();
    } catch {
      return null;
    }
  }
}
