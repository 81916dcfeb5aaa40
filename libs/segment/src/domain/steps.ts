/**
 * A long computation that hands control back now and then (about every millisecond), so that its driver can let the event loop run:
 * a worker whose loop is blocked for longer than its job lock loses the job.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Multiply-adds between two yields. */
export const SLICE_OPERATIONS = 1 << 20;

/** Runs to the end without a break: for tests, small inputs and processes that have nothing else to do. */
export function runToEnd<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Runs to the end, waiting for `pause` at every yield. */
export async function runPausing<T>(steps: Steps<T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await pause();
  }
}
