/** A broken promise of our own code: never the caller's fault, always a bug. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}

/** @throws InvariantViolation when `condition` is false */
export function invariant(condition: boolean, promise: string): asserts condition {
  if (!condition) throw new InvariantViolation(promise);
}

/** Closes a `switch` over a union: a new member becomes a compile error here. */
export function assertNever(value: never): never {
  throw new InvariantViolation(`unexpected value ${JSON.stringify(value)}`);
}
