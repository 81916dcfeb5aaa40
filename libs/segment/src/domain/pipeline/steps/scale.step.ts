import { demand } from '../pipeline-errors';
import type { RegisterLayout } from '../register-layout';
import type { StoredFields } from '../stored-fields';
import type { Instruction, StepKit } from '../step-kit';
import type { TrainingFrame } from '../training-frame';
import { inPlace } from './in-place';
import { meanOf, presentOf, quantileOf, sortedOf, varianceOf, varies } from './column-statistics';

interface Scale {
  readonly center: number;
  readonly scale: number;
}

interface Scales {
  readonly columns: readonly string[];
  readonly center: readonly number[];
  readonly scale: readonly number[];
}

export const standardScaleKit: StepKit<'standard-scale'> = {
  fit: (spec, { frame }) => ({
    step: { kind: 'standard-scale', ...scalesOf(frame.layout.numericChoice(spec.columns), frame, standardOf) },
  }),
  compile: compileScales,
  parse: (fields) => ({ kind: 'standard-scale', ...parseScales(fields) }),
};

/** Between its quantiles a column may not vary where it does beyond them: then it is only centred, as scikit-learn does. */
export const robustScaleKit: StepKit<'robust-scale'> = {
  fit: (spec, { frame }) => {
    const [low, high] = spec.quantiles ?? [0.25, 0.75];
    demand(low >= 0 && low < high && high <= 1, 'robust-scale', 'needs two quantiles in [0, 1], the lower one first');
    const columns = frame.layout.numericChoice(spec.columns);
    return { step: { kind: 'robust-scale', ...scalesOf(columns, frame, (present) => robustOf(present, low, high)) } };
  },
  compile: compileScales,
  parse: (fields) => ({ kind: 'robust-scale', ...parseScales(fields) }),
};

function scalesOf(columns: readonly string[], frame: TrainingFrame, fit: (present: Float64Array) => Scale): Scales {
  const scales = columns.map((column) => fit(presentOf(frame.column(column))));
  return { columns, center: scales.map(({ center }) => center), scale: scales.map(({ scale }) => scale) };
}

function standardOf(present: Float64Array): Scale {
  const center = meanOf(present);
  const spread = Math.sqrt(varianceOf(present, center));
  return { center, scale: varies(spread, center) ? spread : 0 };
}

function robustOf(present: Float64Array, low: number, high: number): Scale {
  const sorted = sortedOf(present);
  const center = quantileOf(sorted, 0.5);
  if (sorted[0] === sorted.at(-1)) return { center, scale: 0 };
  const distance = quantileOf(sorted, high) - quantileOf(sorted, low);
  return { center, scale: varies(distance, center) ? distance : 1 };
}

function compileScales({ columns, center, scale }: Scales, layout: RegisterLayout): Instruction {
  const centers = Float64Array.from(center);
  const scales = Float64Array.from(scale);
  return inPlace(columns, layout, (value, at) => {
    const by = scales[at] ?? 0;
    return by === 0 ? 0 : (value - (centers[at] ?? 0)) / by;
  });
}

function parseScales(fields: StoredFields): Scales {
  const columns = fields.texts('columns');
  fields.demandLength('center', columns.length);
  fields.demandLength('scale', columns.length);
  return { columns, center: fields.numbers('center'), scale: fields.numbers('scale') };
}
