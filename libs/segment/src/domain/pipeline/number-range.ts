/** Where numbers end: a million squares of it still add up to a number, so that whatever is learned from numbers is finite. */
const LARGEST = 1e150;

/** A raw number, or NaN for one that is missing or out of range. -0 becomes 0, as it would once a fit is stored as JSON. */
export function numberOrNaN(value: number): number {
  return value <= LARGEST && value >= -LARGEST ? value + 0 : Number.NaN;
}

/** The nearest number in range; NaN stays NaN. */
export function inRange(value: number): number {
  return value > LARGEST ? LARGEST : value < -LARGEST ? -LARGEST : value;
}
