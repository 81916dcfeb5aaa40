import { solveMixedModel, type MixedDesign, type MixedSolution } from './mixed-model';

/** What is known of the components' variances beforehand, as scaled inverse chi-square distributions. */
export interface ComponentPrior {
  /** Shape [components + 1]. */
  readonly variance: Float64Array;
  /** How many effects' worth of evidence; 0: none. Shape [components + 1]. */
  readonly degrees: Float64Array;
}

export interface EstimatedComponents {
  /** Shape [components + 1], the cells' own last; 0: the data show no such differences. */
  readonly variances: Float64Array;
  readonly solution: MixedSolution;
}

/** Bounds the work; most designs need 10 to 25. */
const MOST_STEPS = 40;
/** Relative gain of the objective that ends the search. */
const ENOUGH = 1e-9;
/** Largest change of a variance in one step. */
const LARGEST_FACTOR = 1e4;
/** A variance below this share of the sampling variance of the best-known effect counts as 0. */
const NEGLIGIBLE = 1e-6;
/** Fewer effects' worth of evidence than this is rounding: the component cannot be told from the base or from another one. */
const DISCERNIBLE = 1e-8;

interface Search {
  readonly design: MixedDesign;
  readonly prior: ComponentPrior | null;
}

/**
 * Variances that maximise the (restricted) likelihood of the cells, times their prior where there is one. A step multiplies each variance by
 * what the data show of it over what it made expect (Fellner-Schall); where all of them together overshoot, by the square root
 * of that, which can only raise the objective (an MM step). At most 2 x 40 solutions; ends within about 1e-4 of the highest log-likelihood.
 *
 * @param start first guesses, positive, rather too large than too small; a component that the data cannot tell keeps its guess. Shape [components + 1]
 * @see Wood & Fasiolo, Biometrics 73 (2017); Zhou, Hu, Qiao, Cho & Zhou, J. Comput. Graph. Stat. 28 (2019), section 3
 */
export function estimateComponents(design: MixedDesign, start: Float64Array, prior: ComponentPrior | null = null): EstimatedComponents {
  const search = { design, prior };
  let variances: Float64Array = Float64Array.from(start);
  let solution = solveMixedModel(design, variances);
  let objective = objectiveOf(search, variances, solution);
  if (design.response.length === 0) return { variances, solution };
  for (let step = 0; step < MOST_STEPS; step++) {
    const factors = factorsOf(search, variances, solution);
    let next = advanced(search, { variances, solution, factors });
    let solved = solveMixedModel(design, next);
    if (objectiveOf(search, next, solved) < objective) {
      next = advanced(search, { variances, solution, factors: factors.map(Math.sqrt) });
      solved = solveMixedModel(design, next);
    }
    const reached = objectiveOf(search, next, solved);
    const gain = reached - objective;
    [variances, solution, objective] = [next, solved, reached];
    if (Math.abs(gain) <= ENOUGH * (1 + Math.abs(objective))) break;
  }
  return { variances, solution };
}

function objectiveOf({ prior }: Search, variances: Float64Array, { logLikelihood }: MixedSolution): number {
  let logPrior = 0;
  prior?.degrees.forEach((degrees, k) => {
    const variance = variances[k] ?? 0;
    if (degrees > 0) logPrior -= (degrees / 2) * (Math.log(variance) + (prior.variance[k] ?? 0) / variance);
  });
  return logLikelihood + logPrior;
}

/** Shown over expected, evidence of the prior included. */
function factorsOf({ prior }: Search, variances: Float64Array, { shown, expected }: MixedSolution): Float64Array {
  return variances.map((variance, k) => {
    if (variance === 0) return 1;
    const degrees = prior?.degrees[k] ?? 0;
    const above = (shown[k] ?? 0) + (degrees * (prior?.variance[k] ?? 0)) / variance ** 2;
    const below = (expected[k] ?? 0) + degrees / variance;
    if (!(below * variance > DISCERNIBLE)) return 1;
    return Math.min(Math.max(above / below, 1 / LARGEST_FACTOR), LARGEST_FACTOR);
  });
}

interface Step {
  readonly variances: Float64Array;
  readonly solution: MixedSolution;
  readonly factors: Float64Array;
}

function advanced({ prior }: Search, { variances, solution, factors }: Step): Float64Array {
  return variances.map((variance, k) => {
    const moved = variance * (factors[k] ?? 1);
    const vanished = moved * (solution.precision[k] ?? 0) < NEGLIGIBLE && moved < variance;
    return vanished && !((prior?.degrees[k] ?? 0) > 0) ? 0 : moved;
  });
}
