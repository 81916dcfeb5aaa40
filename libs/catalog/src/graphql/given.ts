/** Translates a field of a patch: absent stays absent, null stays null. */
export function given<T, U>(value: T | null | undefined, translate: (value: T) => U): U | null | undefined {
  if (value === undefined) return undefined;
  return value === null ? null : translate(value);
}
