/** The values that are not missing, as a copy. Plain loops here: a million rows go through them column by column. */
export function presentOf(values: Float64Array): Float64Array {
  let count = 0;
  const present = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (!Number.isNaN(value)) present[count++] = value;
  }
  return present.subarray(0, count);
}

export function sortedOf(values: Float64Array): Float64Array {
  return values.slice().sort();
}

/** 0 of nothing. */
export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return values.length === 0 ? 0 : sum / values.length;
}

/** Infinity of nothing. */
export function minimumOf(values: Float64Array): number {
  let least = Infinity;
  for (let i = 0; i < values.length; i++) least = Math.min(least, values[i] ?? Infinity);
  return least;
}

/** -Infinity of nothing. */
export function maximumOf(values: Float64Array): number {
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i] ?? -Infinity);
  return most;
}

/** Population variance around a mean, in a second pass; what rounding of the mean leaves is taken out. 0 of nothing. */
export function varianceOf(values: Float64Array, mean: number): number {
  let squares = 0;
  let drift = 0;
  for (let i = 0; i < values.length; i++) {
    const d = (values[i] ?? 0) - mean;
    squares += d * d;
    drift += d;
  }
  const n = values.length;
  return n === 0 ? 0 : Math.max(0, (squares - (drift * drift) / n) / n);
}

/**
 * A quantile by linear interpolation between order statistics (type 7 of Hyndman & Fan, The American Statistician 50, 1996).
 *
 * @param sorted ascending, at least one
 * @param share in [0, 1]
 */
export function quantileOf(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? 0;
  return below + (above - below) * (at - Math.floor(at));
}

/** The most frequent value, the smallest of several; 0 of nothing. */
export function modeOf(values: Float64Array): number {
  const sorted = sortedOf(values);
  let best = sorted[0] ?? 0;
  let most = 0;
  let run = 0;
  for (let i = 0; i < sorted.length; i++) {
    run = i > 0 && sorted[i] === sorted[i - 1] ? run + 1 : 1;
    if (run <= most) continue;
    most = run;
    best = sorted[i] ?? 0;
  }
  return best;
}

/** Below this share of the mean's size a spread is rounding noise, not variation. */
const NOISE = 1e-12;

/** Whether values of that spread and mean vary at all. */
export function varies(spread: number, mean: number): boolean {
  return spread > NOISE * Math.max(1, Math.abs(mean));
}
