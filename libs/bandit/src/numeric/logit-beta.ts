import { gaussLegendre } from './gauss-legendre';
import { normaliseSamples, piecewiseCdf, type PiecewiseCdf } from './piecewise-cdf';

/** The distribution of logit(X), X ~ Beta(a, b), tabulated over all but about 1e-10 of its mass. */
export interface LogitBeta {
  readonly cdf: PiecewiseCdf;
  /** logit where the first cell starts, and width of a cell. */
  readonly start: number;
  readonly width: number;
  /** Length over which the density bends. */
  readonly scale: number;
}

const LOG_TAIL = 24;
const CELLS_PER_SCALE = 8;
/** The logistic function bends on this scale however flat the density is. */
const LOGISTIC_SCALE = 1.5;
const rule = gaussLegendre(4);

/**
 * On the logit scale every Beta density is smooth, log-concave and free of poles, even with shapes below 1, and the largest
 * draw stays the largest: the map is monotone. Distances are taken from the mode log(a / b), where
 * log density = a d - (a + b) log(1 + (e^d - 1) a / (a + b)) keeps its precision for millions of trials.
 *
 * @param a shape, at least 0.1
 * @param b shape, at least 0.1
 */
export function logitBeta(a: number, b: number): LogitBeta {
  const share = a / (a + b);
  const logDensity = (d: number): number => a * d - (a + b) * Math.log1p(share * Math.expm1(d));
  const scale = Math.min(Math.sqrt(1 / a + 1 / b), LOGISTIC_SCALE);
  const from = tailEnd(logDensity, -scale);
  const to = tailEnd(logDensity, scale);
  const cells = Math.ceil(((to - from) * CELLS_PER_SCALE) / scale);
  const width = (to - from) / cells;
  const value = new Float64Array(cells + 1);
  const density = new Float64Array(cells + 1);
  const slope = new Float64Array(cells + 1);
  for (let i = 0; i <= cells; i++) {
    const d = from + i * width;
    const height = Math.exp(logDensity(d)) * width;
    density[i] = height;
    slope[i] = height * width * (a - ((a + b) * share * Math.exp(d)) / (1 + share * Math.expm1(d)));
    let mass = 0;
    for (let k = 0; k < rule.nodes.length; k++) mass += (rule.weights[k] ?? 0) * Math.exp(logDensity(d + width * (rule.nodes[k] ?? 0)));
    if (i < cells) value[i + 1] = (value[i] ?? 0) + mass * width;
  }
  const samples = { value, density, slope };
  normaliseSamples(samples);
  return { cdf: piecewiseCdf(samples), start: Math.log(a / b) + from, width, scale };
}

/** Where, in the direction of `step`, the log-concave density has fallen by LOG_TAIL; to a tenth of a step, on the far side. */
function tailEnd(logDensity: (d: number) => number, step: number): number {
  let near = 0;
  let far = step;
  while (logDensity(far) > -LOG_TAIL) {
    near = far;
    far *= 2;
  }
  while (Math.abs(far - near) > Math.abs(step) / 10) {
    const middle = (near + far) / 2;
    if (logDensity(middle) > -LOG_TAIL) near = middle;
    else far = middle;
  }
  return far;
}
