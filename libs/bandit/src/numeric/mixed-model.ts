import { invariant } from '@vitrine/kernel';
import { choleskyFactor, invertedFactorRows, solveFactored } from './cholesky-factor';

/**
 * Means of cells that share effects: `response_a = base + sum of the cell's effects + own effect + sampling error`. Effects are
 * normal with mean 0, and those of one component have one unknown variance. C components of shared effects; component C is
 * the own effect of every cell.
 */
export interface MixedDesign {
  /** Shape [cells]. */
  readonly response: Float64Array;
  /** Variance of the sampling error, positive; shape [cells]. */
  readonly sampling: Float64Array;
  /** Distinct effects that each cell shares. */
  readonly effects: readonly Int32Array[];
  /** Component of each effect; shape [effects]. */
  readonly component: Int32Array;
  /** Variance of each effect beside its component's: what was not certain about it beforehand; shape [effects]. */
  readonly known: Float64Array;
  /** Number of components of shared effects. */
  readonly components: number;
  /** Variance of the base beforehand; Infinity where nothing is known of it: it is then a fixed effect, and the likelihood the restricted one. */
  readonly baseVariance: number;
}

/** The model solved for given variances of its components. */
export interface MixedSolution {
  /** Expected base and effects; shape [1 + effects]. */
  readonly coefficients: Float64Array;
  /** Rows R of a root of their posterior covariance R R^T, base first; shape [(1 + effects) (1 + effects)], zero left of the diagonal. */
  readonly root: Float64Array;
  /** (Restricted) log-likelihood of the variances, up to a constant. */
  readonly logLikelihood: number;
  /** y^T P V_k P y per component: how much of it the data show; shape [components + 1]. */
  readonly shown: Float64Array;
  /** tr(P V_k) per component: how much of it the variances expect; shape [components + 1]. */
  readonly expected: Float64Array;
  /** Per component, precision of the best-known effect (or cell): a variance far below its inverse cannot be told from 0. */
  readonly precision: Float64Array;
}

/** Room for the sums of one solution. */
interface Equations {
  readonly order: number;
  /** Standard deviation of base and effects, which the unknowns are measured in: variances of 0 then need no division. */
  readonly scale: Float64Array;
  readonly weight: Float64Array;
  /** Sum of the weights of each effect's cells. */
  readonly information: Float64Array;
}

/**
 * Solves Henderson's mixed model equations with the cells' own effects eliminated: O(cells g p + p^3) for p - 1 effects, g of them
 * per cell.
 *
 * @param variances of the components, the cells' own last; >= 0, shape [components + 1]
 * @see Searle, Casella & McCulloch, Variance Components (1992), chapters 6 and 7
 */
export function solveMixedModel(design: MixedDesign, variances: Float64Array): MixedSolution {
  invariant(variances.length === design.components + 1, 'one variance per component and one for the cells');
  const equations = equationsOf(design, variances);
  const { order, scale } = equations;
  const matrix = crossProducts(design, equations);
  const unknowns = rightHandSide(design, equations);
  const logDeterminant = choleskyFactor(matrix, order);
  solveFactored(matrix, order, unknowns);
  const root = invertedFactorRows(matrix, order);
  const penalty = squaredLength(unknowns, Number.isFinite(design.baseVariance) ? 0 : 1);
  for (let j = 0; j < order; j++) {
    unknowns[j] = (unknowns[j] ?? 0) * (scale[j] ?? 0);
    for (let i = j; i < order; i++) root[j * order + i] = (root[j * order + i] ?? 0) * (scale[j] ?? 0);
  }
  const tally = tallyOf(design, { equations, coefficients: unknowns, root });
  const logLikelihood = -0.5 * (logDeterminant + tally.misfit + penalty);
  return { coefficients: unknowns, root, logLikelihood, ...tally };
}

function equationsOf(design: MixedDesign, variances: Float64Array): Equations {
  const { known, component, baseVariance, components, sampling } = design;
  const order = 1 + known.length;
  const own = variances[components] ?? 0;
  const scale = new Float64Array(order);
  scale[0] = Number.isFinite(baseVariance) ? Math.sqrt(baseVariance) : 1;
  for (let j = 1; j < order; j++) scale[j] = Math.sqrt((known[j - 1] ?? 0) + (variances[component[j - 1] ?? 0] ?? 0));
  return { order, scale, weight: sampling.map((variance) => 1 / (variance + own)), information: new Float64Array(order) };
}

/** Lower triangle of D Z^T W Z D + I, D the scales; without the 1 for a base of which nothing is known. */
function crossProducts({ effects, baseVariance }: MixedDesign, { order, scale, weight, information }: Equations): Float64Array {
  const matrix = new Float64Array(order * order);
  effects.forEach((shared, a) => {
    const w = weight[a] ?? 0;
    information[0] = (information[0] ?? 0) + w;
    for (const effect of shared) {
      const i = effect + 1;
      information[i] = (information[i] ?? 0) + w;
      matrix[i * order] = (matrix[i * order] ?? 0) + w;
      for (const other of shared) {
        if (other < effect) matrix[i * order + other + 1] = (matrix[i * order + other + 1] ?? 0) + w;
      }
    }
  });
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < i; j++) matrix[i * order + j] = (matrix[i * order + j] ?? 0) * (scale[i] ?? 0) * (scale[j] ?? 0);
    const prior = i === 0 && !Number.isFinite(baseVariance) ? 0 : 1;
    matrix[i * order + i] = (information[i] ?? 0) * (scale[i] ?? 0) ** 2 + prior;
  }
  return matrix;
}

function rightHandSide({ effects, response }: MixedDesign, { order, scale, weight }: Equations): Float64Array {
  const side = new Float64Array(order);
  effects.forEach((shared, a) => {
    const term = (weight[a] ?? 0) * (response[a] ?? 0);
    side[0] = (side[0] ?? 0) + term;
    for (const effect of shared) side[effect + 1] = (side[effect + 1] ?? 0) + term;
  });
  for (let j = 0; j < order; j++) side[j] = (side[j] ?? 0) * (scale[j] ?? 0);
  return side;
}

interface Solved {
  readonly equations: Equations;
  readonly coefficients: Float64Array;
  readonly root: Float64Array;
}

/** Misfit of the cells, and per component what the data show and what the variances expect. P y = W (y - fitted), P = W - W Z C Z^T W. */
function tallyOf(
  design: MixedDesign,
  solved: Solved,
): Pick<MixedSolution, 'shown' | 'expected' | 'precision'> & { readonly misfit: number } {
  const { effects, response, sampling, components, component, known } = design;
  const { order, weight, scale, information } = solved.equations;
  const [shown, expected, precision] = [0, 1, 2].map(() => new Float64Array(components + 1));
  invariant(shown !== undefined && expected !== undefined && precision !== undefined, 'three tallies');
  const pull = new Float64Array(order); // Z^T P y
  const spread = new Float64Array(order);
  let misfit = 0;
  effects.forEach((shared, a) => {
    const w = weight[a] ?? 0;
    const pulled = w * ((response[a] ?? 0) - fittedMean(solved.coefficients, shared));
    misfit += (pulled * pulled) / w - Math.log(w);
    add(shown, components, pulled * pulled);
    add(expected, components, w - w * w * sharedRoot(solved.root, shared, spread));
    precision[components] = Math.max(precision[components] ?? 0, 1 / (sampling[a] ?? 1));
    for (const effect of shared) add(pull, effect + 1, pulled);
  });
  for (let j = 1; j < order; j++) {
    const k = component[j - 1] ?? 0;
    const variance = (scale[j] ?? 0) ** 2;
    add(shown, k, (pull[j] ?? 0) ** 2);
    if (variance > 0) add(expected, k, (1 - rowLength(solved.root, order, j) / variance) / variance);
    precision[k] = Math.max(precision[k] ?? 0, (information[j] ?? 0) / (1 + (known[j - 1] ?? 0) * (information[j] ?? 0)));
  }
  return { misfit, shown, expected, precision };
}

function add(into: Float64Array, at: number, value: number): void {
  into[at] = (into[at] ?? 0) + value;
}

/** Base plus effects. */
export function fittedMean(coefficients: Float64Array, effects: Int32Array): number {
  let sum = coefficients[0] ?? 0;
  for (const effect of effects) sum += coefficients[effect + 1] ?? 0;
  return sum;
}

/**
 * Writes the root of the posterior variance of base plus effects: its squared length is the variance, its product with another one's the
 * covariance.
 *
 * @param out shape [1 + effects]
 * @returns the variance
 */
export function sharedRoot(root: Float64Array, effects: Int32Array, out: Float64Array): number {
  const order = out.length;
  for (let i = 0; i < order; i++) out[i] = root[i] ?? 0;
  for (const effect of effects) {
    const row = (effect + 1) * order;
    for (let i = effect + 1; i < order; i++) out[i] = (out[i] ?? 0) + (root[row + i] ?? 0);
  }
  return squaredLength(out, 0);
}

function rowLength(root: Float64Array, order: number, row: number): number {
  return squaredLength(root.subarray(row * order + row, (row + 1) * order), 0);
}

function squaredLength(vector: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < vector.length; i++) sum += (vector[i] ?? 0) ** 2;
  return sum;
}
