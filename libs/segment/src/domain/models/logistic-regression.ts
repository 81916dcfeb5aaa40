import { choleskyFactor, sigmoid, solveFactored } from '@vitrine/bandit';
import { DomainError } from '@vitrine/kernel';
import type { RowMatrix } from '../row-matrix';
import type { LogisticModel } from './response-model';
import { learnableRate } from './training-target';

export interface LogisticOptions {
  /** Half of it times the squared weights is added to the summed loss: 1 / C of scikit-learn. >= 0; the intercept is free. */
  readonly l2: number;
  readonly maxIterations?: number;
  /** Loss per row, in nats, that may be left above the optimum before the last step (which squares it). */
  readonly tolerance?: number;
}

/** Of the Hessian's mean diagonal; keeps the step defined where inputs repeat each other. Slows the last digits, moves no optimum. */
const DAMPING = 1e-12;
const LEAST_SHRINK = 1e-10;
/** A step must bring this share of what its slope promises. */
const SUFFICIENT = 1e-4;

/** One training problem; the parameters are the weights, then the intercept. */
interface Problem {
  readonly rows: RowMatrix;
  readonly target: Float64Array;
  readonly l2: number;
}

interface Curvature {
  readonly gradient: Float64Array;
  /** Lower triangle, row-major square. */
  readonly hessian: Float64Array;
}

/**
 * Logistic regression by Newton's method with a halving line search. Of the order of ten passes over the rows, each with a square of the
 * columns: meant for up to a few hundred columns.
 *
 * Rows that a line separates have no optimum when `l2` is 0: the weights then stop growing once the loss per row falls below the tolerance.
 * A column that never varies shares its effect with the intercept; with `l2` it gets none of it.
 *
 * @param rows inputs, shape [n][d], all finite; comparable scales, so that `l2` treats them alike
 * @param target 1 or 0 per row
 * @throws TARGET_CONSTANT when all outcomes are the same; FEATURE_VALUE_INVALID when an input is not finite
 * @see Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed. (2009), section 4.4.1
 */
export function trainLogisticRegression(rows: RowMatrix, target: Float64Array, options: LogisticOptions): LogisticModel {
  const rate = learnableRate(target, rows.rows);
  refuseNonFinite(rows);
  const { maxIterations = 100, tolerance = 1e-14 } = options;
  const problem: Problem = { rows, target, l2: options.l2 };
  let at: Float64Array = new Float64Array(rows.columns + 1);
  at[rows.columns] = Math.log(rate / (1 - rate));
  let loss = lossAt(problem, at);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const { step, promise } = newtonStep(problem, at);
    const next = searchLine(problem, { at, loss, step, promise });
    if (next === null) break;
    at = next.at;
    loss = next.loss;
    if (promise / 2 <= tolerance * rows.rows) break;
  }
  const weights = [...at.subarray(0, rows.columns)];
  return { kind: 'LOGISTIC', intercept: at[rows.columns] ?? 0, weights, spreads: columnSpreads(rows) };
}

function refuseNonFinite({ values, columns }: RowMatrix): void {
  const found = values.findIndex((value) => !Number.isFinite(value));
  if (found < 0) return;
  const place = { row: Math.floor(found / columns), column: found % columns };
  throw new DomainError('FEATURE_VALUE_INVALID', `input ${place.column} of row ${place.row} is not finite`, { details: place });
}

/** Loss summed over rows, in nats, with the penalty. */
function lossAt({ rows: { columns, values }, target, l2 }: Problem, at: Float64Array): number {
  let loss = 0;
  for (let row = 0; row < target.length; row++) {
    const margin = (target[row] === 1 ? -1 : 1) * logOdds(values, row * columns, at);
    loss += margin > 0 ? margin + Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin));
  }
  for (let c = 0; c < columns; c++) loss += 0.5 * l2 * (at[c] ?? 0) ** 2;
  return loss;
}

function logOdds(values: Float64Array, offset: number, at: Float64Array): number {
  const columns = at.length - 1;
  let z = at[columns] ?? 0;
  for (let c = 0; c < columns; c++) z += (values[offset + c] ?? 0) * (at[c] ?? 0);
  return z;
}

/** The step to the minimum of the local parabola, and how fast the loss falls along it (twice what the parabola promises). */
function newtonStep(problem: Problem, at: Float64Array): { readonly step: Float64Array; readonly promise: number } {
  const { gradient, hessian } = curvatureAt(problem, at);
  const order = at.length;
  let diagonal = 0;
  for (let i = 0; i < order; i++) diagonal += hessian[i * order + i] ?? 0;
  const damping = Math.max((DAMPING * diagonal) / order, Number.MIN_VALUE);
  for (let i = 0; i < order; i++) hessian[i * order + i] = (hessian[i * order + i] ?? 0) + damping;
  choleskyFactor(hessian, order, damping);
  const step = gradient.map((slope) => -slope);
  solveFactored(hessian, order, step);
  let promise = 0;
  for (let i = 0; i < order; i++) promise -= (gradient[i] ?? 0) * (step[i] ?? 0);
  return { step, promise };
}

function curvatureAt(problem: Problem, at: Float64Array): Curvature {
  const { rows, target, l2 } = problem;
  const order = at.length;
  const curvature: Curvature = { gradient: new Float64Array(order), hessian: new Float64Array(order * order) };
  const row: SparseRow = { where: new Int32Array(order), values: new Float64Array(order), count: 0 };
  for (let r = 0; r < rows.rows; r++) {
    const offset = r * rows.columns;
    takeNonZero(row, rows.values, { offset, columns: rows.columns });
    const p = sigmoid(logOdds(rows.values, offset, at));
    addRow(curvature, row, p - (target[r] ?? 0), p * (1 - p));
  }
  for (let c = 0; c < rows.columns; c++) {
    curvature.gradient[c] = (curvature.gradient[c] ?? 0) + l2 * (at[c] ?? 0);
    curvature.hessian[c * order + c] = (curvature.hessian[c * order + c] ?? 0) + l2;
  }
  return curvature;
}

/** What of a row is not zero: one-hot and hashed inputs mostly are, and the work goes with the square of this. */
interface SparseRow {
  readonly where: Int32Array;
  readonly values: Float64Array;
  count: number;
}

function takeNonZero(
  row: SparseRow,
  values: Float64Array,
  { offset, columns }: { readonly offset: number; readonly columns: number },
): void {
  let count = 0;
  for (let c = 0; c < columns; c++) {
    const value = values[offset + c] ?? 0;
    if (value === 0) continue;
    row.where[count] = c;
    row.values[count++] = value;
  }
  row.where[count] = columns; // the intercept's input is always 1
  row.values[count++] = 1;
  row.count = count;
}

function addRow({ gradient, hessian }: Curvature, { where, values, count }: SparseRow, slope: number, bend: number): void {
  const order = gradient.length;
  for (let i = 0; i < count; i++) {
    const value = values[i] ?? 0;
    const at = where[i] ?? 0;
    gradient[at] = (gradient[at] ?? 0) + slope * value;
    const weighted = bend * value;
    const from = at * order;
    for (let j = 0; j <= i; j++) {
      const cell = from + (where[j] ?? 0);
      hessian[cell] = (hessian[cell] ?? 0) + weighted * (values[j] ?? 0);
    }
  }
}

interface Search {
  readonly at: Float64Array;
  readonly loss: number;
  readonly step: Float64Array;
  readonly promise: number;
}

/** Halves the step until the loss falls enough; null when rounding leaves nothing to gain. */
function searchLine(problem: Problem, { at, loss, step, promise }: Search): { readonly at: Float64Array; readonly loss: number } | null {
  // Near the optimum the loss cannot show the gain any more, in its last digits; the step is still right.
  const rounding = Number.EPSILON * problem.target.length * Math.max(1, loss / problem.target.length);
  for (let share = 1; share > LEAST_SHRINK; share /= 2) {
    const next = at.map((value, i) => value + share * (step[i] ?? 0));
    const found = lossAt(problem, next);
    if (found <= loss - SUFFICIENT * share * promise + rounding) return { at: next, loss: found };
  }
  return null;
}

function columnSpreads({ rows, columns, values }: RowMatrix): readonly number[] {
  return Array.from({ length: columns }, (_, c) => {
    let mean = 0;
    for (let row = 0; row < rows; row++) mean += (values[row * columns + c] ?? 0) / rows;
    let squares = 0;
    for (let row = 0; row < rows; row++) squares += ((values[row * columns + c] ?? 0) - mean) ** 2;
    return Math.sqrt(squares / rows);
  });
}
