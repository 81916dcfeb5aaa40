import type { RegisterLayout } from '../register-layout';
import type { Instruction } from '../step-kit';

/**
 * An instruction that replaces numbers by what `change` makes of each.
 *
 * @param change the new value; `at` is the column's place among `columns`
 */
export function inPlace(columns: readonly string[], layout: RegisterLayout, change: (value: number, at: number) => number): Instruction {
  const registers = Int32Array.from(columns, (column) => layout.numeric(column));
  return {
    reads: [...registers],
    writes: [...registers],
    categorical: false,
    run: ({ numbers }) => {
      for (let at = 0; at < registers.length; at++) {
        const register = registers[at] ?? 0;
        numbers[register] = change(numbers[register] ?? 0, at);
      }
    },
  };
}
