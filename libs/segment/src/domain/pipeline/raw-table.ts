/** A column of numbers; NaN, and whatever lies beyond 1e150 on either side, is a missing value. */
export interface NumericColumn {
  readonly name: string;
  readonly kind: 'NUMERIC';
  readonly values: Float64Array;
}

/** A column of texts, each an index into `categories`; -1 is a missing value. Categories may list texts that no row has. */
export interface CategoricalColumn {
  readonly name: string;
  readonly kind: 'CATEGORICAL';
  readonly codes: Int32Array;
  readonly categories: readonly string[];
}

export type RawColumn = NumericColumn | CategoricalColumn;

/** What is known of many people, by column: the worker's side of a pipeline. Every column is `rows` long; their order says nothing. */
export interface RawTable {
  readonly rows: number;
  readonly columns: readonly RawColumn[];
}

export interface ColumnSpec {
  readonly name: string;
  readonly kind: RawColumn['kind'];
}

/** What is known of one person: the gateway's side of a pipeline. */
export interface RawRow {
  /** Numeric columns, in the order of the pipeline's columns; NaN = missing. */
  readonly numbers: Float64Array;
  /** Categorical columns, in the order of the pipeline's columns; null = missing. */
  readonly texts: readonly (string | null)[];
}
