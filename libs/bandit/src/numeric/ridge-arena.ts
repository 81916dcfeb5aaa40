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
  addOuterProduct(d: number, triangle: number, v: number, scale: number): void;
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

/** Numbers of one regression in the memory of a kernel, and the kernel's functions on them. */
export class RidgeSlot {
  /** Upper triangle of A^-1 by rows. */
  readonly inverse: Float64Array;
  readonly weights: Float64Array;
  readonly reach: Float64Array;

  constructor(
    private readonly block: RidgeBlock,
    private readonly address: number,
  ) {
    const { dimension: d, memory } = block;
    this.inverse = new Float64Array(memory.buffer, address, (d * (d + 1)) / 2);
    this.weights = new Float64Array(memory.buffer, this.weightsAt, d);
    this.reach = new Float64Array(memory.buffer, this.reachAt, d);
  }

  /**
   * Hands the kernel the context of the calls that follow.
   *
   * @param token of the context, so that the regressions of one decision share the work; null for a context of its own
   */
  load(x: Float64Array, token: object | null): void {
    this.block.load(x, token);
  }

  /** reach = A^-1 x; returns x^T A^-1 x. */
  reachOut(): number {
    const { kernel, dimension, xAt, placesAt, lit } = this.block;
    kernel.multiply(dimension, this.address, xAt, placesAt, lit, this.reachAt);
    return kernel.dot(dimension, this.reachAt, xAt);
  }

  mean(): number {
    return this.block.kernel.dot(this.block.dimension, this.weightsAt, this.block.xAt);
  }

  variance(): number {
    const { kernel, dimension, xAt, placesAt, lit } = this.block;
    return kernel.quadraticForm(dimension, this.address, xAt, placesAt, lit);
  }

  /** A^-1 += scale reach reach^T */
  shrink(scale: number): void {
    this.block.kernel.addOuterProduct(this.block.dimension, this.address, this.reachAt, scale);
  }

  /** weights += by reach */
  moveWeights(by: number): void {
    this.block.kernel.addScaled(this.block.dimension, this.weightsAt, this.reachAt, by);
  }

  private get weightsAt(): number {
    return this.address + (DOUBLE * this.block.dimension * (this.block.dimension + 1)) / 2;
  }

  private get reachAt(): number {
    return this.weightsAt + DOUBLE * this.block.dimension;
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
  private loaded: object | null = null;
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

  load(x: Float64Array, token: object | null): void {
    if (token !== null && token === this.loaded) return;
    this.loaded = token;
    this.x.set(x);
    let lit = 0;
    for (let i = 0; i < x.length; i++) if (x[i] !== 0) this.places[lit++] = i;
    this.lit = lit;
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
    return DOUBLE * ((d * (d + 1)) / 2 + 2 * d);
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
