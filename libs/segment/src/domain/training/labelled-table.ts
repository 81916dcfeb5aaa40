import { invariant } from '@vitrine/kernel';
import type { RawTable } from '../pipeline/raw-table';

/** Rows with what their people did afterwards. */
export interface LabelledTable {
  readonly table: RawTable;
  /** 1 for a response, 0 for none, shape [table.rows]. */
  readonly target: Float64Array;
}

/** Responses of two groups of people: those that train, and others, at a later time, that judge. */
export interface ResponsePair {
  readonly train: LabelledTable;
  readonly judge: LabelledTable;
}

/** The given rows in the given order, as a table of its own. */
export function takeTableRows({ columns }: RawTable, order: Int32Array): RawTable {
  return {
    rows: order.length,
    columns: columns.map((column) =>
      column.kind === 'NUMERIC'
        ? { ...column, values: Float64Array.from(order, (row) => column.values[row] ?? Number.NaN) }
        : { ...column, codes: Int32Array.from(order, (row) => column.codes[row] ?? -1) },
    ),
  };
}

/** A table of numbers from rows that lie one behind another. */
export function numericTable(names: readonly string[], values: Float64Array): RawTable {
  invariant(names.length > 0 && values.length % names.length === 0, 'a table has whole rows');
  const rows = values.length / names.length;
  return {
    rows,
    columns: names.map((name, c) => {
      const column = new Float64Array(rows);
      for (let row = 0; row < rows; row++) column[row] = values[row * names.length + c] ?? Number.NaN;
      return { name, kind: 'NUMERIC', values: column };
    }),
  };
}

/** Whether both answers occur often enough, on both sides, to say anything. */
export function isTelling({ train, judge }: ResponsePair, fewest: number): boolean {
  return [train, judge].every(({ target }) => {
    const responses = target.reduce((sum, y) => sum + y, 0);
    return responses >= fewest && target.length - responses >= fewest;
  });
}
