import { gramOf, gramTimes, type ShiftedColumns } from '../../linear-algebra/gram';
import { leadingEigen, type LeadingEigen } from '../../linear-algebra/subspace-iteration';
import { symmetricEigen } from '../../linear-algebra/symmetric-eigen';
import { columnUnusable, demand, stepInvalid } from '../pipeline-errors';
import type { RegisterLayout } from '../register-layout';
import { malformed, type StoredFields } from '../stored-fields';
import type { FitContext, Instruction, StepKit } from '../step-kit';
import type { ColumnChoice, PcaSolver } from '../step-types';
import { meanOf } from './column-statistics';

interface Projection {
  readonly columns: readonly string[];
  readonly outputs: readonly string[];
  readonly mean: readonly number[];
  readonly components: readonly (readonly number[])[];
  readonly explained: readonly number[];
}

interface ProjectionRequest {
  readonly step: string;
  readonly columns: ColumnChoice;
  readonly components: number;
  readonly name: string;
  readonly solver: PcaSolver;
  readonly centred: boolean;
}

/** Eigenvectors of the covariance matrix (exact), or those of a random start after some power iterations, which never builds that matrix. */
export const pcaKit: StepKit<'pca'> = {
  fit: ({ columns, components, solver = 'exact', name = 'pca' }, context) => ({
    step: { kind: 'pca', ...fitProjection({ step: 'pca', columns, components, name, solver, centred: true }, context) },
  }),
  compile: compileProjection,
  parse: (fields) => ({ kind: 'pca', ...parseProjection(fields) }),
};

/** Right singular vectors, as eigenvectors of the columns' products. Sparse rows have `truncatedSvdSparse`. */
export const truncatedSvdKit: StepKit<'truncated-svd'> = {
  fit: ({ columns, components, name = 'svd' }, context) => ({
    step: {
      kind: 'truncated-svd',
      ...fitProjection({ step: 'truncated-svd', columns, components, name, solver: 'exact', centred: false }, context),
    },
  }),
  compile: compileProjection,
  parse: (fields) => ({ kind: 'truncated-svd', ...parseProjection(fields) }),
};

function fitProjection(request: ProjectionRequest, { frame, seed }: FitContext): Projection {
  const { step, components, name, centred } = request;
  demand(Number.isInteger(components) && components >= 1, step, 'needs at least one component');
  const columns = frame.layout.numericChoice(request.columns);
  demand(columns.length > 0, step, 'has no column');
  const values = columns.map((column) => completeColumn(column, frame.column(column)));
  const shift = Float64Array.from(values, (column) => (centred ? meanOf(column) : 0));
  const matrix = { columns: values, shift };
  const count = Math.min(components, columns.length);
  const found = request.solver === 'exact' ? exactly(matrix, count) : atRandom(matrix, count, seed);
  const total = values.reduce((sum, column, c) => sum + squaresAround(column, shift[c] ?? 0), 0);
  return {
    columns,
    outputs: Array.from({ length: count }, (_, i) => `${name}:${i}`),
    mean: Array.from(shift),
    components: Array.from({ length: count }, (_, i) => Array.from(vectorOf(found, i))),
    explained: Array.from(found.values, (value) => (total === 0 ? 0 : Math.max(0, value) / total)),
  };
}

const vectorOf = ({ vectors: { columns, values } }: LeadingEigen, i: number): Float64Array =>
  values.subarray(i * columns, (i + 1) * columns);

function exactly(matrix: ShiftedColumns, count: number): LeadingEigen {
  const { values, vectors } = symmetricEigen(gramOf(matrix));
  return { values: values.slice(0, count), vectors };
}

/** As many power iterations as scikit-learn allows a randomised solver, and its oversampling. */
const RANDOMISED = { oversampling: 10, mostIterations: 8, tolerance: 1e-12 };

function atRandom(matrix: ShiftedColumns, count: number, seed: number): LeadingEigen {
  return leadingEigen((v) => gramTimes(matrix, v), matrix.columns.length, { count, seed, ...RANDOMISED });
}

function completeColumn(name: string, values: Float64Array): Float64Array {
  if (values.some((value) => Number.isNaN(value))) throw columnUnusable(name, 'has missing values, which a projection cannot take');
  return values;
}

function squaresAround(values: Float64Array, center: number): number {
  let sum = 0;
  for (const value of values) sum += (value - center) ** 2;
  return sum;
}

function compileProjection({ columns, outputs, mean, components }: Projection, layout: RegisterLayout): Instruction {
  const inputs = Int32Array.from(columns, (column) => layout.numeric(column));
  for (const column of columns) layout.drop(column);
  const targets = Int32Array.from(outputs, (name) => layout.addNumeric(name));
  const shift = Float64Array.from(mean);
  const weights = Float64Array.from(components.flat());
  if (weights.length !== inputs.length * targets.length) throw stepInvalid('projection', 'has not one weight per column and output');
  const centred = new Float64Array(inputs.length);
  return {
    reads: [...inputs],
    writes: [...targets],
    categorical: false,
    run: ({ numbers }) => {
      for (let i = 0; i < inputs.length; i++) centred[i] = (numbers[inputs[i] ?? 0] ?? 0) - (shift[i] ?? 0);
      for (let k = 0; k < targets.length; k++) {
        let sum = 0;
        for (let i = 0; i < inputs.length; i++) sum += (weights[k * inputs.length + i] ?? 0) * (centred[i] ?? 0);
        numbers[targets[k] ?? 0] = sum;
      }
    },
  };
}

function parseProjection(fields: StoredFields): Projection {
  const columns = fields.texts('columns');
  const outputs = fields.texts('outputs');
  fields.demandLength('mean', columns.length);
  fields.demandLength('components', outputs.length);
  fields.demandLength('explained', outputs.length);
  const components = fields.numberLists('components');
  if (components.some(({ length }) => length !== columns.length))
    throw malformed(`${fields.place}.components`, 'has rows of another length');
  return { columns, outputs, mean: fields.numbers('mean'), components, explained: fields.numbers('explained') };
}
