import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { numbers, takeTableRows, texts } from '../domain/pipeline/pipeline.fixture';
import type { RawTable } from '../domain/pipeline/raw-table';
import type { PipelineSpec, PowerMethod } from '../domain/pipeline/step-types';

type Matrix = readonly (readonly (number | null)[])[];

export interface ReferenceCase {
  readonly name: string;
  readonly spec: PipelineSpec;
  /** All rows, as what was fitted on the first `trainingRows` makes them. */
  readonly expected: Matrix;
  readonly upToSign?: boolean;
  readonly explained?: readonly number[];
  readonly scores?: readonly number[];
  readonly foldOf?: readonly number[];
  readonly crossFitted?: Matrix;
}

export interface PipelineReference {
  readonly trainingRows: number;
  readonly numeric: Readonly<Record<string, readonly (number | null)[]>>;
  readonly categorical: Readonly<Record<string, readonly (string | null)[]>>;
  readonly target: readonly number[];
  readonly cases: readonly ReferenceCase[];
  readonly powers: readonly {
    readonly columns: readonly string[];
    readonly method: PowerMethod;
    readonly lambdas: readonly number[];
    readonly expected: Matrix;
  }[];
  readonly sparse: {
    readonly rows: number;
    readonly columns: number;
    readonly starts: readonly number[];
    readonly indexes: readonly number[];
    readonly values: readonly number[];
    readonly singularValues: readonly number[];
    readonly components: Matrix;
    readonly projected: Matrix;
  };
}

const FILE = join(__dirname, '../../../../data/reference/segment/pipeline.json.gz');

/** What scikit-learn makes of the same rows; how stands beside the file. */
export const reference = JSON.parse(gunzipSync(readFileSync(FILE)).toString()) as PipelineReference;

export const referenceRows: RawTable = {
  rows: reference.target.length,
  columns: [
    ...Object.entries(reference.numeric).map(([name, values]) => numbers(name, values)),
    ...Object.entries(reference.categorical).map(([name, values]) => texts(name, values)),
  ],
};

export const trainingRows: RawTable = takeTableRows(
  referenceRows,
  Array.from({ length: reference.trainingRows }, (_, row) => row),
);

export const trainingTarget = Float64Array.from(reference.target.slice(0, reference.trainingRows));
