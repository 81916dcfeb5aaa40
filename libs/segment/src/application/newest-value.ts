interface Waiting<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

const END = { done: true, value: undefined } as const;

/**
 * An async iterator over a value that changes: whoever reads slowly misses what was replaced meanwhile, so that nobody makes it hold more
 * than one value. Written by hand, since `return()` of an async generator waits until the value that it waits for has come, which may be
 * never.
 */
export class NewestValue<T> implements AsyncIterableIterator<T, undefined> {
  private held: { readonly value: T } | null = null;
  private failure: { readonly error: unknown } | null = null;
  private closed = false;
  private waiting: Waiting<T>[] = [];

  /** @param onLeave called once when the reader stops before the end */
  constructor(private readonly onLeave: () => void) {}

  put(value: T): void {
    if (this.closed) return;
    const reader = this.waiting.shift();
    if (reader === undefined) this.held = { value };
    else reader.resolve({ done: false, value });
  }

  /** Ends it; a value that is still held is read first. */
  finish(): void {
    this.closed = true;
    this.settle((reader) => reader.resolve(END));
  }

  /** Ends it with an error, which the next read throws. */
  fail(error: unknown): void {
    if (this.closed) return;
    this.closed = true;
    if (this.waiting.length === 0) this.failure = { error };
    this.settle((reader) => reader.reject(error));
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const { held, failure } = this;
    if (held !== null) {
      this.held = null;
      return Promise.resolve({ done: false, value: held.value });
    }
    if (failure !== null) {
      this.failure = null;
      return Promise.reject(failure.error);
    }
    if (this.closed) return Promise.resolve(END);
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<T, undefined>> {
    const left = !this.closed;
    this.held = null;
    this.failure = null;
    this.finish();
    if (left) this.onLeave();
    return Promise.resolve(END);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private settle(settle: (reader: Waiting<T>) => void): void {
    const readers = this.waiting;
    this.waiting = [];
    for (const reader of readers) settle(reader);
  }
}
