import { demand } from '../pipeline-errors';
import type { StepKit } from '../step-kit';
import { inPlace } from './in-place';

export const clipKit: StepKit<'clip'> = {
  fit: ({ columns, low, high }, { frame }) => {
    demand(Number.isFinite(low) && Number.isFinite(high) && low <= high, 'clip', 'needs two finite bounds, the lower one first');
    return { step: { kind: 'clip', columns: frame.layout.numericChoice(columns), low, high } };
  },
  compile: ({ columns, low, high }, layout) => inPlace(columns, layout, (value) => (value < low ? low : value > high ? high : value)),
  parse: (fields) => ({ kind: 'clip', columns: fields.texts('columns'), low: fields.number('low'), high: fields.number('high') }),
};
