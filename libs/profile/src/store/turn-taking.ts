/**
 * Lets work that names a common key run one after the other, in the order in which it asked; other work runs at once. Only within this
 * process, and only to save retries: what keeps writers of other processes apart is the database.
 */
export class TurnTaking {
  private readonly last = new Map<string, Promise<void>>();

  /** Waits for everything that asked for one of the keys before; all keys are taken at one moment, so that nobody waits in a circle. */
  async run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = keys.flatMap((key) => this.last.get(key) ?? []);
    const { promise: done, resolve } = withResolvers();
    for (const key of keys) this.last.set(key, done);
    try {
      await Promise.all(before);
      return await work();
    } finally {
      for (const key of keys) if (this.last.get(key) === done) this.last.delete(key);
      resolve();
    }
  }

  /** Keys that somebody has or waits for. */
  get size(): number {
    return this.last.size;
  }
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
