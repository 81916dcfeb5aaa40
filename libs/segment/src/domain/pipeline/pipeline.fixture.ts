import type { CategoricalColumn, NumericColumn, RawColumn, RawRow, RawTable } from './raw-table';

export function numbers(name: string, values: readonly (number | null)[]): NumericColumn {
  return { name, kind: 'NUMERIC', values: Float64Array.from(values, (value) => value ?? Number.NaN) };
}

/** The dictionary in the order in which the texts come, as a reader of rows would build it. */
export function texts(name: string, values: readonly (string | null)[]): CategoricalColumn {
  const categories = [...new Set(values.filter((text) => text !== null))];
  return {
    name,
    kind: 'CATEGORICAL',
    codes: Int32Array.from(values, (text) => (text === null ? -1 : categories.indexOf(text))),
    categories,
  };
}

export function tableOf(...columns: readonly RawColumn[]): RawTable {
  const first = columns[0];
  const rows = first === undefined ? 0 : first.kind === 'NUMERIC' ? first.values.length : first.codes.length;
  return { rows, columns };
}

export function rowOf(table: RawTable, row: number): RawRow {
  return {
    numbers: Float64Array.from(table.columns.flatMap((column) => (column.kind === 'NUMERIC' ? [column.values[row] ?? Number.NaN] : []))),
    texts: table.columns.flatMap((column) => (column.kind === 'CATEGORICAL' ? [column.categories[column.codes[row] ?? -1] ?? null] : [])),
  };
}

/** A table of some rows of another, in the given order. */
export function takeTableRows(table: RawTable, order: readonly number[]): RawTable {
  const columns = table.columns.map((column) =>
    column.kind === 'NUMERIC'
      ? { ...column, values: Float64Array.from(order, (row) => column.values[row] ?? Number.NaN) }
      : { ...column, codes: Int32Array.from(order, (row) => column.codes[row] ?? -1) },
  );
  return { rows: order.length, columns };
}
