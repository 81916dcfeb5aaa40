import { DomainError, invariant } from '@vitrine/kernel';
import { numberOrNaN } from './number-range';
import { columnMissing, columnMisused, columnUnusable } from './pipeline-errors';
import type { CategoricalColumn, ColumnSpec, NumericColumn, RawColumn, RawTable } from './raw-table';
import { MISSING, RegisterLayout } from './register-layout';
import type { Instruction, Registers } from './step-kit';
import type { FittedColumn } from './step-types';

/** The column of that name and kind. @throws DomainError COLUMN_MISSING, or PIPELINE_SPEC_INVALID when it is of the other kind */
export function columnOf(table: RawTable, spec: ColumnSpec): RawColumn {
  const column = table.columns.find(({ name }) => name === spec.name);
  if (column === undefined) throw columnMissing(spec.name);
  if (column.kind !== spec.kind) throw columnMisused(spec.name, `is ${column.kind}, not ${spec.kind}`);
  invariant((column.kind === 'NUMERIC' ? column.values : column.codes).length === table.rows, 'every column is as long as its table');
  return column;
}

/**
 * The training rows on their way through the steps, by column. It only ever holds what the rows hold: a category that the table lists and no
 * row has is not learned.
 */
export class TrainingFrame {
  readonly rows: number;
  readonly layout = new RegisterLayout();
  readonly columns: readonly FittedColumn[];
  readonly #numbers: Float64Array[] = [];
  readonly #codes: Int32Array[] = [];
  readonly #texts: { readonly codes: Int32Array; readonly categories: readonly string[] }[] = [];

  /** @throws DomainError TOO_FEW_ROWS, COLUMN_MISSING, COLUMN_UNUSABLE for a column without any value */
  constructor(specs: readonly ColumnSpec[], table: RawTable) {
    if (table.rows === 0) throw new DomainError('TOO_FEW_ROWS', 'a pipeline needs rows to learn from', { details: { needs: 1, has: 0 } });
    this.rows = table.rows;
    this.columns = specs.map((spec) => {
      const column = columnOf(table, spec);
      return column.kind === 'NUMERIC' ? this.#loadNumbers(column) : this.#loadTexts(column);
    });
  }

  /** The values of a numeric column as the steps so far left them. */
  column(name: string): Float64Array {
    return this.#numberRegister(this.layout.numeric(name));
  }

  codesOf(name: string): Int32Array {
    const codes = this.#codes[this.layout.categorical(name)];
    invariant(codes !== undefined, 'every categorical column has codes');
    return codes;
  }

  /** Texts by code. */
  categoriesOf(name: string): readonly string[] {
    return [...this.layout.dictionary(this.layout.categorical(name)).keys()];
  }

  overwrite(name: string, values: Float64Array): void {
    this.#numbers[this.layout.numeric(name)] = values;
  }

  /** Lets go of the columns that a step took from those that go on. */
  releaseDropped(): void {
    const live = new Set(this.layout.numericNames().map((name) => this.layout.numeric(name)));
    this.#numbers.forEach((_, register) => {
      if (!live.has(register)) this.#numbers[register] = new Float64Array(0);
    });
  }

  /** Runs an instruction over every row: the very code that new rows go through. */
  apply(instruction: Instruction): void {
    const { numberCount, textCount } = this.layout;
    const registers = {
      numbers: new Float64Array(numberCount),
      codes: new Int32Array(textCount),
      texts: new Array<string | null>(textCount).fill(null),
    };
    const { reads, writes } = instruction;
    const inputs = reads.map((register) => this.#numberRegister(register));
    const outputs = writes.map((register) => this.#numberRegister(register));
    for (let row = 0; row < this.rows; row++) {
      for (let i = 0; i < inputs.length; i++) registers.numbers[reads[i] ?? 0] = inputs[i]?.[row] ?? 0;
      if (instruction.categorical) this.#gatherTexts(row, registers);
      instruction.run(registers);
      for (let i = 0; i < outputs.length; i++) {
        const output = outputs[i];
        if (output !== undefined) output[row] = registers.numbers[writes[i] ?? 0] ?? 0;
      }
      if (instruction.categorical) this.#codes.forEach((codes, register) => (codes[row] = registers.codes[register] ?? MISSING));
    }
  }

  #numberRegister(register: number): Float64Array {
    return (this.#numbers[register] ??= new Float64Array(this.rows));
  }

  #gatherTexts(row: number, { codes, texts }: Registers): void {
    for (let register = 0; register < codes.length; register++) {
      codes[register] = this.#codes[register]?.[row] ?? MISSING;
      const raw = this.#texts[register];
      texts[register] = raw?.categories[raw.codes[row] ?? MISSING] ?? null;
    }
  }

  #loadNumbers({ name, values }: NumericColumn): FittedColumn {
    const clean = values.map(numberOrNaN);
    if (clean.every((value) => Number.isNaN(value))) throw columnUnusable(name, 'has no value in any row');
    this.#numbers[this.layout.addNumeric(name)] = clean;
    return { name, kind: 'NUMERIC' };
  }

  #loadTexts({ name, codes, categories }: CategoricalColumn): FittedColumn {
    const used = [...new Set(Array.from(new Set(codes), (code) => categories[code]))].filter((text) => text !== undefined).sort();
    if (used.length === 0) throw columnUnusable(name, 'has no value in any row');
    const register = this.layout.addCategorical(name, used);
    const own = categories.map((text) => this.layout.dictionary(register).get(text) ?? MISSING);
    this.#codes[register] = codes.map((code) => own[code] ?? MISSING);
    this.#texts[register] = { codes, categories };
    return { name, kind: 'CATEGORICAL', categories: used };
  }
}
