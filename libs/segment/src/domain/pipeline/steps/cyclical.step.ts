import { demand } from '../pipeline-errors';
import type { StepKit } from '../step-kit';

const FULL_TURN = 2 * Math.PI;

export const cyclicalKit: StepKit<'cyclical'> = {
  fit: ({ columns, period }, { frame }) => {
    demand(Number.isFinite(period) && period > 0, 'cyclical', 'needs a positive period');
    return { step: { kind: 'cyclical', columns: frame.layout.numericChoice(columns), period } };
  },

  compile: ({ columns, period }, layout) => {
    const inputs = Int32Array.from(columns, (column) => layout.numeric(column));
    for (const column of columns) layout.drop(column);
    const sines = Int32Array.from(columns, (column) => layout.addNumeric(`${column}:sin`));
    const cosines = Int32Array.from(columns, (column) => layout.addNumeric(`${column}:cos`));
    const turn = FULL_TURN / period;
    return {
      reads: [...inputs],
      writes: [...sines, ...cosines],
      categorical: false,
      run: ({ numbers }) => {
        for (let i = 0; i < inputs.length; i++) {
          const angle = turn * (numbers[inputs[i] ?? 0] ?? 0);
          numbers[sines[i] ?? 0] = Math.sin(angle);
          numbers[cosines[i] ?? 0] = Math.cos(angle);
        }
      },
    };
  },

  parse: (fields) => ({ kind: 'cyclical', columns: fields.texts('columns'), period: fields.number('period') }),
};
