import type { ColumnSpec } from './raw-table';

/** Columns by name, or all that are there when the step's turn comes and of the kind that it takes. */
export type ColumnChoice = readonly string[] | '*';

export type ImputeStrategy = 'mean' | 'median' | 'most-frequent' | 'constant';

interface OnColumns {
  readonly columns: ColumnChoice;
}

/** What each kind of step is told before it is fitted. */
export interface StepSettings {
  /**
   * Fills what is missing. Means and medians are of numbers; the smallest of equally frequent values is taken. With `indicator`, each
   * column of which something was missing in training also gives `<column>:missing` (0 or 1).
   */
  readonly impute: OnColumns & { readonly strategy: ImputeStrategy; readonly fill?: number | string; readonly indicator?: boolean };
  /** sign(x) log(1 + |x|). */
  readonly log1p: OnColumns;
  readonly 'standard-scale': OnColumns;
  /** By median and distance between two quantiles, in [0, 1]; the quartiles when none are given. */
  readonly 'robust-scale': OnColumns & { readonly quantiles?: readonly [number, number] };
  readonly clip: OnColumns & { readonly low: number; readonly high: number };
  /** `<column>=<text>` each, 0 or 1. Texts of fewer than `minCount` rows share `<column>=(rare)`. */
  readonly 'one-hot': OnColumns & { readonly minCount?: number };
}

/** What each kind of step learned, per column in the order of `columns`. Plain JSON; every number is finite. */
export interface StepFindings {
  /** `indicated` are those of the columns that also give `<column>:missing`. */
  readonly impute: {
    readonly columns: readonly string[];
    readonly fills: readonly (number | string)[];
    readonly indicated: readonly string[];
  };
  readonly log1p: { readonly columns: readonly string[] };
  /** A scale of 0 marks a column that never varied in training: it gives 0 whatever comes. */
  readonly 'standard-scale': { readonly columns: readonly string[]; readonly center: readonly number[]; readonly scale: readonly number[] };
  readonly 'robust-scale': { readonly columns: readonly string[]; readonly center: readonly number[]; readonly scale: readonly number[] };
  readonly clip: { readonly columns: readonly string[]; readonly low: number; readonly high: number };
  /** Per column its outputs, and for each of the column's categories which output it sets; -1 = none. */
  readonly 'one-hot': {
    readonly columns: readonly string[];
    readonly outputs: readonly (readonly string[])[];
    readonly slots: readonly (readonly number[])[];
  };
}

export type StepKind = keyof StepSettings;
export type StepSpec<K extends StepKind = StepKind> = { [P in K]: { readonly kind: P } & StepSettings[P] }[K];
export type FittedStep<K extends StepKind = StepKind> = { [P in K]: { readonly kind: P } & StepFindings[P] }[K];

/** What to do with which raw columns, not fitted. */
export interface PipelineSpec {
  readonly columns: readonly ColumnSpec[];
  readonly steps: readonly StepSpec[];
}

/** A raw column as training saw it; `categories` are empty where no step looks a text up. */
export type FittedColumn =
  | { readonly name: string; readonly kind: 'NUMERIC' }
  | { readonly name: string; readonly kind: 'CATEGORICAL'; readonly categories: readonly string[] };

export const PIPELINE_VERSION = 1;

/** All that a pipeline learned, as plain JSON. */
export interface FittedPipeline {
  readonly version: typeof PIPELINE_VERSION;
  readonly columns: readonly FittedColumn[];
  readonly steps: readonly FittedStep[];
  readonly outputNames: readonly string[];
}
