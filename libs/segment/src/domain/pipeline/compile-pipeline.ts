import { DomainError, invariant } from '@vitrine/kernel';
import type { RowMatrix } from '../row-matrix';
import { numberOrNaN } from './number-range';
import type { ColumnSpec, RawRow, RawTable } from './raw-table';
import { MISSING, RegisterLayout, UNKNOWN } from './register-layout';
import type { Registers } from './step-kit';
import { compileStep } from './step-kits';
import { PIPELINE_VERSION, type FittedPipeline } from './step-types';
import { columnOf } from './training-frame';

/** A pipeline as a function. It works in registers of its own: one caller at a time. */
export interface CompiledPipeline {
  readonly columns: readonly ColumnSpec[];
  readonly outputNames: readonly string[];
  /** Numbers per row that leave. */
  readonly width: number;
  /** @param out receives the features, shape [width] */
  transformRow(row: RawRow, out: Float64Array): void;
  /** The same for every row, bit for bit. @throws DomainError COLUMN_MISSING, or PIPELINE_SPEC_INVALID for a column of another kind */
  transformTable(table: RawTable): RowMatrix;
}

/** @throws DomainError PIPELINE_VERSION_MISMATCH (`needs`, `has`) */
export function demandVersion(has: number): void {
  if (has === PIPELINE_VERSION) return;
  throw new DomainError('PIPELINE_VERSION_MISMATCH', `a pipeline of version ${has} cannot be run, only of version ${PIPELINE_VERSION}`, {
    details: { needs: PIPELINE_VERSION, has },
  });
}

/**
 * A fitted pipeline as a flat program over typed arrays: a row costs no allocation, and maps only to look its texts up.
 *
 * @throws DomainError PIPELINE_VERSION_MISMATCH; COLUMN_MISSING or PIPELINE_SPEC_INVALID where its steps do not fit together
 */
export function compilePipeline({ version, columns, steps, outputNames }: FittedPipeline): CompiledPipeline {
  demandVersion(version);
  const layout = new RegisterLayout();
  for (const column of columns) layout.add(column, column.kind === 'NUMERIC' ? [] : column.categories);
  const inputs = layout.numberCount;
  const program = steps.map((step) => compileStep(step, layout)).filter((instruction) => instruction !== null);
  const names = layout.numericNames();
  invariant(names.length === outputNames.length && names.every((name, at) => name === outputNames[at]), 'a pipeline gives what it names');
  const outputs = Int32Array.from(names, (name) => layout.numeric(name));
  const runs = program.map(({ run }) => run);
  const load = loader(layout, inputs);

  const transformRow = (row: RawRow, out: Float64Array): void => {
    const registers = load(row);
    for (let i = 0; i < runs.length; i++) runs[i]?.(registers);
    for (let i = 0; i < outputs.length; i++) out[i] = registers.numbers[outputs[i] ?? 0] ?? 0;
  };
  return {
    columns: columns.map(({ name, kind }) => ({ name, kind })),
    outputNames,
    width: outputs.length,
    transformRow,
    transformTable: (table) => transformTable({ columns, width: outputs.length, transformRow }, table),
  };
}

/** Puts a row into registers that it keeps. */
function loader(layout: RegisterLayout, inputs: number): (row: RawRow) => Registers {
  const { numberCount, textCount } = layout;
  const dictionaries = Array.from({ length: textCount }, (_, register) => layout.dictionary(register));
  const numbers = new Float64Array(numberCount);
  const codes = new Int32Array(textCount);
  const texts = new Array<string | null>(textCount).fill(null);
  const registers = { numbers, codes, texts };
  return (row) => {
    for (let i = 0; i < inputs; i++) numbers[i] = numberOrNaN(row.numbers[i] ?? Number.NaN);
    for (let i = 0; i < textCount; i++) {
      const text = row.texts[i] ?? null;
      texts[i] = text;
      codes[i] = text === null ? MISSING : (dictionaries[i]?.get(text) ?? UNKNOWN);
    }
    return registers;
  };
}

type RowTransform = Pick<CompiledPipeline, 'columns' | 'width' | 'transformRow'>;

function transformTable({ columns, width, transformRow }: RowTransform, table: RawTable): RowMatrix {
  const found = columns.map((spec) => columnOf(table, spec));
  const numeric = found.filter((column) => column.kind === 'NUMERIC');
  const categorical = found.filter((column) => column.kind === 'CATEGORICAL');
  const numbers = new Float64Array(numeric.length);
  const texts = new Array<string | null>(categorical.length).fill(null);
  const values = new Float64Array(table.rows * width);
  const out = new Float64Array(width);
  for (let row = 0; row < table.rows; row++) {
    for (let i = 0; i < numeric.length; i++) numbers[i] = numeric[i]?.values[row] ?? Number.NaN;
    for (let i = 0; i < categorical.length; i++) {
      const column = categorical[i];
      texts[i] = column?.categories[column.codes[row] ?? MISSING] ?? null;
    }
    transformRow({ numbers, texts }, out);
    values.set(out, row * width);
  }
  return { rows: table.rows, columns: width, values };
}
