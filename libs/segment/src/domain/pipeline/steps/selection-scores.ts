import { meanOf, presentOf, quantileOf, sortedOf, varianceOf, varies } from './column-statistics';

/** Variance of what is not missing; 0 for rounding noise. */
export function varianceScore(values: Float64Array): number {
  const present = presentOf(values);
  const mean = meanOf(present);
  const variance = varianceOf(present, mean);
  return varies(Math.sqrt(variance), mean) ? variance : 0;
}

/**
 * F of a one-way analysis of variance between the target's classes, over rows where the value is there: 0 where nothing varies or only one
 * class is left, the largest double where the classes differ and nothing varies within them.
 *
 * @param target 0 or 1 per row
 */
export function anovaScore(values: Float64Array, target: Float64Array): number {
  const classes = [0, 1].map((label) => values.filter((value, row) => target[row] === label && !Number.isNaN(value)));
  const filled = classes.filter(({ length }) => length > 0);
  const n = classes.reduce((sum, { length }) => sum + length, 0);
  if (filled.length < 2 || n <= filled.length || varianceScore(values) === 0) return 0;
  const mean = meanOf(presentOf(values));
  let between = 0;
  let within = 0;
  for (const some of filled) {
    const own = meanOf(some);
    between += some.length * (own - mean) ** 2;
    within += some.length * varianceOf(some, own);
  }
  const f = between / (within / (n - filled.length));
  return Math.min(f, Number.MAX_VALUE);
}

/**
 * Mutual information, in nats, between the target and the value's bin; what is missing is a bin of its own.
 *
 * @param target 0 or 1 per row
 * @param bins quantile bins; equal quantiles share one
 */
export function mutualInformationScore(values: Float64Array, target: Float64Array, bins: number): number {
  const edges = quantileEdges(values, bins);
  const counts = new Float64Array(2 * (edges.length + 2)); // [bin][class]
  values.forEach((value, row) => {
    const bin = Number.isNaN(value) ? edges.length + 1 : binOf(value, edges);
    const at = 2 * bin + (target[row] === 1 ? 1 : 0);
    counts[at] = (counts[at] ?? 0) + 1;
  });
  return Math.max(0, informationIn(counts, values.length));
}

/** Inner edges: distinct quantiles of what is not missing. */
function quantileEdges(values: Float64Array, bins: number): Float64Array {
  const sorted = sortedOf(presentOf(values));
  if (sorted.length === 0) return new Float64Array(0);
  const edges = Array.from({ length: bins - 1 }, (_, i) => quantileOf(sorted, (i + 1) / bins));
  return Float64Array.from(new Set(edges));
}

/** How many edges lie at or below the value. */
function binOf(value: number, edges: Float64Array): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function informationIn(counts: Float64Array, rows: number): number {
  const ofClass = [0, 0];
  counts.forEach((count, at) => (ofClass[at % 2] = (ofClass[at % 2] ?? 0) + count));
  let information = 0;
  for (let at = 0; at < counts.length; at++) {
    const joint = counts[at] ?? 0;
    if (joint === 0) continue;
    const inBin = (counts[at - (at % 2)] ?? 0) + (counts[at - (at % 2) + 1] ?? 0);
    information += (joint / rows) * Math.log((joint * rows) / (inBin * (ofClass[at % 2] ?? 0)));
  }
  return information;
}
