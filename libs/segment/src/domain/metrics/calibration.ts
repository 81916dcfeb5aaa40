import { invariant } from '@vitrine/kernel';
import { wilsonInterval, type RateInterval } from '@vitrine/bandit';

/** Rows whose predicted probabilities lie together. */
export interface CalibrationBin {
  readonly rows: number;
  readonly meanPredicted: number;
  /** Share of its rows with the outcome, and its Wilson interval. */
  readonly observed: RateInterval;
}

export interface Calibration {
  /** Ascending; bins without rows are left out. */
  readonly bins: readonly CalibrationBin[];
  /** Mean over rows of |observed - meanPredicted| of their bin, in [0, 1]. */
  readonly expectedError: number;
}

/**
 * Predicted against observed rates in bins of equal width over [0, 1]; a probability on an edge belongs to the lower bin.
 *
 * @param probabilities of outcome 1, in [0, 1], shape [rows], not empty
 * @param target 1 or 0 per row
 * @param options bins wanted, and the half-width of the intervals in standard errors
 */
export function calibration(
  probabilities: Float64Array,
  target: Float64Array,
  options: { readonly bins: number; readonly z: number },
): Calibration {
  invariant(probabilities.length === target.length && target.length > 0, 'one outcome per probability');
  const { rows, predicted, observed } = binSums(probabilities, target, options.bins);
  const bins: CalibrationBin[] = [];
  let error = 0;
  rows.forEach((count, bin) => {
    if (count === 0) return;
    bins.push({
      rows: count,
      meanPredicted: (predicted[bin] ?? 0) / count,
      observed: wilsonInterval(observed[bin] ?? 0, count, options.z),
    });
    error += Math.abs((predicted[bin] ?? 0) - (observed[bin] ?? 0));
  });
  return { bins, expectedError: error / target.length };
}

function binSums(probabilities: Float64Array, target: Float64Array, bins: number) {
  const rows = new Int32Array(bins);
  const predicted = new Float64Array(bins);
  const observed = new Float64Array(bins);
  probabilities.forEach((p, row) => {
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(p * bins) - 1));
    rows[bin] = (rows[bin] ?? 0) + 1;
    predicted[bin] = (predicted[bin] ?? 0) + p;
    observed[bin] = (observed[bin] ?? 0) + (target[row] ?? 0);
  });
  return { rows, predicted, observed };
}
