import type { StepKit } from '../step-kit';
import { inPlace } from './in-place';

const signedLog = (value: number): number => (value < 0 ? -Math.log1p(-value) : Math.log1p(value));

export const log1pKit: StepKit<'log1p'> = {
  fit: (spec, { frame }) => ({ step: { kind: 'log1p', columns: frame.layout.numericChoice(spec.columns) } }),
  compile: ({ columns }, layout) => inPlace(columns, layout, signedLog),
  parse: (fields) => ({ kind: 'log1p', columns: fields.texts('columns') }),
};
