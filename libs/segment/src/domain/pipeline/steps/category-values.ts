import type { RegisterLayout } from '../register-layout';
import type { StoredFields } from '../stored-fields';
import type { Instruction } from '../step-kit';
import type { CategoryValues } from '../step-types';

/** An instruction that adds, for each column of texts, one of numbers: that of the text's category. */
export function compileCategoryValues(
  { columns, values, otherwise }: CategoryValues,
  layout: RegisterLayout,
  nameOf: (column: string) => string,
): Instruction {
  const registers = Int32Array.from(columns, (column) => layout.categorical(column));
  const outputs = Int32Array.from(columns, (column) => layout.addNumeric(nameOf(column)));
  const tables = values.map((list) => Float64Array.from(list));
  const others = Float64Array.from(otherwise);
  return {
    reads: [],
    writes: [...outputs],
    categorical: true,
    run: ({ numbers, codes }) => {
      for (let i = 0; i < registers.length; i++) {
        const code = codes[registers[i] ?? 0] ?? -1;
        const other = others[i] ?? 0;
        numbers[outputs[i] ?? 0] = code < 0 ? other : (tables[i]?.[code] ?? other);
      }
    },
  };
}

export function parseCategoryValues(fields: StoredFields): CategoryValues {
  const columns = fields.texts('columns');
  fields.demandLength('values', columns.length);
  fields.demandLength('otherwise', columns.length);
  return { columns, values: fields.numberLists('values'), otherwise: fields.numbers('otherwise') };
}
