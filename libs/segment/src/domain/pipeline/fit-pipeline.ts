import { invariant } from '@vitrine/kernel';
import type { RowMatrix } from '../row-matrix';
import { columnMisused, demand } from './pipeline-errors';
import type { RawTable } from './raw-table';
import { compileStep, fitStep } from './step-kits';
import type { FitContext } from './step-kit';
import { PIPELINE_VERSION, type FittedColumn, type FittedPipeline, type FittedStep, type PipelineSpec, type StepSpec } from './step-types';
import { rowKeys } from './steps/row-folds';
import { columnOf, TrainingFrame } from './training-frame';

export interface FitPipelineOptions {
  /** 0 or 1 per row: what target encoding and selection look at. */
  readonly target?: Float64Array;
  /** Of the folds of target encoding and the start of a randomised PCA. */
  readonly seed: number;
}

export interface FitPipelineResult {
  readonly pipeline: FittedPipeline;
  /** The training rows as models must see them: cross-fitted where a step looked at the target. */
  readonly rows: RowMatrix;
}

/**
 * Learns each step from the training rows as the steps before left them. What no step imputes stays missing (NaN) in the rows, unless
 * its column never varied. The same rows in another order give the same pipeline but for rounding.
 *
 * @param table the training rows and no others
 * @throws DomainError COLUMN_MISSING, COLUMN_UNUSABLE (`column`), TOO_FEW_ROWS without any row, PIPELINE_SPEC_INVALID for a step that
 *   cannot do what it is told and for texts that no step turns into numbers
 */
export function fitPipeline(spec: PipelineSpec, table: RawTable, { target, seed }: FitPipelineOptions): FitPipelineResult {
  invariant(target === undefined || target.length === table.rows, 'one target per row');
  invariant(target === undefined || target.every((label) => label === 0 || label === 1), 'a target is 0 or 1');
  const frame = new TrainingFrame(spec.columns, table);
  const raw = { rows: table.rows, columns: spec.columns.map((column) => columnOf(table, column)) };
  const context: FitContext = { frame, target: target ?? null, rowKeys: () => rowKeys(raw, seed), seed };
  const steps = spec.steps.map((step) => learn(step, context));
  const outputNames = frame.layout.numericNames();
  demand(outputNames.length > 0, 'list', 'leaves no column');
  const columns = frame.columns.map((column) => withoutIdleCategories(column, steps));
  return { pipeline: { version: PIPELINE_VERSION, columns, steps, outputNames }, rows: rowsOf(frame, outputNames) };
}

function learn(spec: StepSpec, context: FitContext): FittedStep {
  const { frame } = context;
  const { step, crossFitted } = fitStep(spec, context);
  const instruction = compileStep(step, frame.layout);
  if (instruction !== null) frame.apply(instruction);
  for (const [name, values] of crossFitted ?? []) frame.overwrite(name, values);
  frame.releaseDropped();
  return step;
}

/** Hashing reads texts themselves: a column of a million of them needs no dictionary. @throws DomainError PIPELINE_SPEC_INVALID for texts that no step reads */
function withoutIdleCategories(column: FittedColumn, steps: readonly FittedStep[]): FittedColumn {
  if (column.kind === 'NUMERIC') return column;
  const readers = steps.filter((step) => step.kind !== 'impute' && step.columns.includes(column.name));
  if (readers.length === 0) throw columnMisused(column.name, 'holds texts that no step turns into numbers');
  return readers.every(({ kind }) => kind === 'hash') ? { ...column, categories: [] } : column;
}

function rowsOf(frame: TrainingFrame, names: readonly string[]): RowMatrix {
  const columns = names.length;
  const values = new Float64Array(frame.rows * columns);
  names.forEach((name, c) => frame.column(name).forEach((value, row) => (values[row * columns + c] = value)));
  return { rows: frame.rows, columns, values };
}
