import type { ColumnSpec } from './raw-table';

/** Columns by name, or all that are there when the step's turn comes and of the kind that it takes. */
export type ColumnChoice = readonly string[] | '*';

export type ImputeStrategy = 'mean' | 'median' | 'most-frequent' | 'constant';
export type PowerMethod = 'yeo-johnson' | 'box-cox';
export type PcaSolver = 'exact' | 'randomised';
export type SelectionScore = 'anova-f' | 'mutual-information';

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
  /** Towards a normal distribution, by the power of greatest likelihood. */
  readonly power: OnColumns & { readonly method: PowerMethod };
  readonly 'standard-scale': OnColumns;
  /** By median and distance between two quantiles, in [0, 1]; the quartiles when none are given. */
  readonly 'robust-scale': OnColumns & { readonly quantiles?: readonly [number, number] };
  readonly clip: OnColumns & { readonly low: number; readonly high: number };
  /** `<column>=<text>` each, 0 or 1. Texts of fewer than `minCount` rows share `<column>=(rare)`. */
  readonly 'one-hot': OnColumns & { readonly minCount?: number };
  /** `<column>:ordinal`: the rank of the text in code unit order, -1 for one that training did not see or that is missing. */
  readonly ordinal: OnColumns;
  /** `<column>:target`: the mean target of the text, shrunk towards that of all. The shrinkage is by variance (`auto`) or by so many rows. */
  readonly 'target-encode': OnColumns & { readonly smooth: 'auto' | number; readonly folds?: number };
  /** `<name>:0` and on: all its columns' texts counted in common buckets, with a sign of their own, so that collisions cancel on average. */
  readonly hash: OnColumns & { readonly name: string; readonly buckets: number };
  /** `<column>:sin` and `<column>:cos` in place of a column that comes round after `period`. */
  readonly cyclical: OnColumns & { readonly period: number };
  /** `<name>:0` and on (by default `pca:0`) in place of its columns; at most as many as those. */
  readonly pca: OnColumns & { readonly components: number; readonly solver?: PcaSolver; readonly name?: string };
  /** As `pca`, without moving the mean to 0 first; by default `svd:0` and on. */
  readonly 'truncated-svd': OnColumns & { readonly components: number; readonly name?: string };
  /** Keeps columns whose variance is above the threshold. */
  readonly 'select-variance': OnColumns & { readonly threshold: number };
  /** Keeps the k columns that say most about the target. Mutual information is of values in `bins` quantile bins. */
  readonly 'select-k-best': OnColumns & { readonly k: number; readonly score: SelectionScore; readonly bins?: number };
}

/** Rows to components: x less `mean`, times each row of `components`. */
interface FittedProjection {
  readonly columns: readonly string[];
  readonly outputs: readonly string[];
  readonly mean: readonly number[];
  /** [outputs][columns], rows of length 1. */
  readonly components: readonly (readonly number[])[];
  /** Share of the columns' variance (for a truncated SVD: of their sum of squares) that each component holds. */
  readonly explained: readonly number[];
}

interface FittedSelection {
  readonly columns: readonly string[];
  readonly kept: readonly string[];
  /** What was compared, per column; cut to what a double can hold. */
  readonly scores: readonly number[];
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
  /** `floors` are the smallest values of training: what a smaller one counts as where the power needs positive values. */
  readonly power: {
    readonly columns: readonly string[];
    readonly method: PowerMethod;
    readonly lambdas: readonly number[];
    readonly floors: readonly number[];
  };
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
  /** Per column the number of each of its categories, and that of anything else. */
  readonly ordinal: CategoryValues;
  readonly 'target-encode': CategoryValues;
  readonly hash: { readonly columns: readonly string[]; readonly name: string; readonly buckets: number };
  readonly cyclical: { readonly columns: readonly string[]; readonly period: number };
  readonly pca: FittedProjection;
  readonly 'truncated-svd': FittedProjection;
  readonly 'select-variance': FittedSelection;
  readonly 'select-k-best': FittedSelection;
}

export interface CategoryValues {
  readonly columns: readonly string[];
  readonly values: readonly (readonly number[])[];
  readonly otherwise: readonly number[];
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
