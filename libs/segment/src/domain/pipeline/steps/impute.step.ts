import { demand, stepInvalid } from '../pipeline-errors';
import { distinct, MISSING, type RegisterLayout } from '../register-layout';
import { malformed } from '../stored-fields';
import type { Instruction, StepKit } from '../step-kit';
import type { FittedStep, ImputeStrategy, StepSpec } from '../step-types';
import type { TrainingFrame } from '../training-frame';
import { meanOf, modeOf, presentOf, quantileOf, sortedOf } from './column-statistics';

const indicatorOf = (column: string): string => `${column}:missing`;
const OF_NUMBERS: Readonly<Record<Exclude<ImputeStrategy, 'constant'>, (present: Float64Array) => number>> = {
  mean: meanOf,
  median: (present) => quantileOf(sortedOf(present), 0.5),
  'most-frequent': modeOf,
};

export const imputeKit: StepKit<'impute'> = {
  fit: (spec, { frame }) => {
    const columns = chosen(spec, frame.layout);
    const fills = columns.map((column) => (frame.layout.isNumeric(column) ? numberFor(spec, frame, column) : textFor(spec, frame, column)));
    const indicated = spec.indicator === true ? columns.filter((column) => hasMissing(frame, column)) : [];
    return { step: { kind: 'impute', columns, fills, indicated } };
  },

  compile: (step, layout) => {
    const numeric = step.columns.filter((column) => layout.isNumeric(column));
    const flags = new Map(step.indicated.map((column) => [column, layout.addNumeric(indicatorOf(column))]));
    const registers = Int32Array.from(numeric, (column) => layout.numeric(column));
    const numbers = fillNumbers(
      step,
      registers,
      Int32Array.from(numeric, (column) => flags.get(column) ?? MISSING),
    );
    const texts = fillTexts(step, layout, flags);
    return {
      reads: [...registers],
      writes: [...registers, ...flags.values()],
      categorical: numeric.length < step.columns.length,
      run: (state) => {
        numbers(state);
        texts(state);
      },
    };
  },

  parse: (fields) => {
    const columns = fields.texts('columns');
    fields.demandLength('fills', columns.length);
    const indicated = fields.texts('indicated');
    if (indicated.some((column) => !columns.includes(column))) throw malformed(`${fields.place}.indicated`, 'names another column');
    return { kind: 'impute', columns, fills: fields.numbersOrTexts('fills'), indicated };
  },
};

function fillNumbers({ columns, fills }: FittedStep<'impute'>, registers: Int32Array, flags: Int32Array): Instruction['run'] {
  const values = Float64Array.from(fills.filter((fill) => typeof fill === 'number'));
  if (values.length !== registers.length) throw stepInvalid('impute', `has fills of the wrong kind for ${columns.join(', ')}`);
  return ({ numbers }) => {
    for (let i = 0; i < registers.length; i++) {
      const register = registers[i] ?? 0;
      const missing = Number.isNaN(numbers[register]);
      const flag = flags[i] ?? MISSING;
      if (flag >= 0) numbers[flag] = missing ? 1 : 0;
      if (missing) numbers[register] = values[i] ?? 0;
    }
  };
}

function fillTexts(
  { columns, fills }: FittedStep<'impute'>,
  layout: RegisterLayout,
  flagOf: ReadonlyMap<string, number>,
): Instruction['run'] {
  const filled = columns.flatMap((column, at) => {
    const fill = fills[at];
    return typeof fill === 'string' ? [{ column, register: layout.categorical(column), fill }] : [];
  });
  const registers = Int32Array.from(filled, ({ register }) => register);
  const values = Int32Array.from(filled, ({ register, fill }) => layout.codeOf(register, fill));
  const flags = Int32Array.from(filled, ({ column }) => flagOf.get(column) ?? MISSING);
  return ({ numbers, codes }) => {
    for (let i = 0; i < registers.length; i++) {
      const register = registers[i] ?? 0;
      const missing = codes[register] === MISSING;
      const flag = flags[i] ?? MISSING;
      if (flag >= 0) numbers[flag] = missing ? 1 : 0;
      if (missing) codes[register] = values[i] ?? 0;
    }
  };
}

/** A strategy that is of numbers only takes, of all columns, those of numbers; a constant those of its own kind. */
function chosen({ columns, strategy, fill }: StepSpec<'impute'>, layout: RegisterLayout): readonly string[] {
  demand(strategy !== 'constant' || fill !== undefined, 'impute', 'needs a constant to fill with');
  if (columns !== '*') return distinct(columns);
  const ofTexts = strategy === 'most-frequent' || (strategy === 'constant' && typeof fill === 'string');
  const ofNumbers = strategy !== 'constant' || typeof fill === 'number';
  return [...(ofNumbers ? layout.numericChoice('*') : []), ...(ofTexts ? layout.categoricalChoice('*') : [])];
}

function numberFor({ strategy, fill }: StepSpec<'impute'>, frame: TrainingFrame, column: string): number {
  if (strategy !== 'constant') return OF_NUMBERS[strategy](presentOf(frame.column(column)));
  if (typeof fill === 'number' && Number.isFinite(fill)) return fill;
  throw stepInvalid('impute', `needs a number to fill ${column} with`);
}

function textFor({ strategy, fill }: StepSpec<'impute'>, frame: TrainingFrame, column: string): string {
  const codes = frame.codesOf(column); // also says whether the column is there
  if (strategy === 'constant' && typeof fill === 'string') return fill;
  if (strategy !== 'most-frequent') throw stepInvalid('impute', `cannot fill the texts of ${column}`);
  // Codes are in the order of their texts, so that the smallest of equally frequent codes is the smallest text.
  return frame.categoriesOf(column)[modeOf(Float64Array.from(codes.filter((code) => code >= 0)))] ?? '';
}

function hasMissing(frame: TrainingFrame, column: string): boolean {
  if (!frame.layout.isNumeric(column)) return frame.codesOf(column).includes(MISSING);
  return frame.column(column).some((value) => Number.isNaN(value));
}
