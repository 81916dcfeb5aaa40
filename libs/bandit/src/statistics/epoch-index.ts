/** What a stored index decodes to when there is none: before every other. */
export const NO_INDEX = -Infinity;

/**
 * How a whole number of time steps since the epoch is stored beside sums: all zeros know nothing, so the 0 is skipped (0, 1, 2, ... become
 * 1, 2, 3, ...; times before the epoch stay as they are).
 */
export function storedIndex(index: number): number {
  return index >= 0 ? index + 1 : index;
}

export function indexIn(stored: number): number {
  if (stored === 0) return NO_INDEX;
  return stored > 0 ? stored - 1 : stored;
}
