import { inRange } from '../number-range';
import { columnUnusable } from '../pipeline-errors';
import type { StepKit } from '../step-kit';
import type { PowerMethod } from '../step-types';
import type { TrainingFrame } from '../training-frame';
import { minimumOf, presentOf } from './column-statistics';
import { inPlace } from './in-place';
import { boxCox, fitPower, yeoJohnson } from './power-transform';

const METHODS = ['yeo-johnson', 'box-cox'] as const satisfies readonly PowerMethod[];

/** As scikit-learn's PowerTransformer without its scaling, which is a step of its own here; no power leaves the range of numbers. */
export const powerKit: StepKit<'power'> = {
  fit: ({ columns: choice, method }, { frame }) => {
    const columns = frame.layout.numericChoice(choice);
    const fits = columns.map((column) => fitColumn(column, frame, method));
    return { step: { kind: 'power', columns, method, lambdas: fits.map(({ lambda }) => lambda), floors: fits.map(({ floor }) => floor) } };
  },

  compile: ({ columns, method, lambdas, floors }, layout) => {
    const powers = Float64Array.from(lambdas);
    const least = Float64Array.from(floors);
    if (method === 'yeo-johnson') return inPlace(columns, layout, (value, at) => inRange(yeoJohnson(value, powers[at] ?? 1)));
    return inPlace(columns, layout, (value, at) => {
      const floor = least[at] ?? 1;
      return inRange(boxCox(value < floor ? floor : value, powers[at] ?? 1));
    });
  },

  parse: (fields) => {
    const columns = fields.texts('columns');
    fields.demandLength('lambdas', columns.length);
    fields.demandLength('floors', columns.length);
    return {
      kind: 'power',
      columns,
      method: fields.oneOf('method', METHODS),
      lambdas: fields.numbers('lambdas'),
      floors: fields.numbers('floors'),
    };
  },
};

function fitColumn(column: string, frame: TrainingFrame, method: PowerMethod): { readonly lambda: number; readonly floor: number } {
  const present = presentOf(frame.column(column));
  const floor = minimumOf(present);
  if (method === 'box-cox' && !(floor > 0)) throw columnUnusable(column, 'holds values that are not positive, which Box-Cox cannot take');
  return { lambda: fitPower(present, method), floor };
}
