import { rngFromNumber, type Rng } from '@vitrine/kernel';
import { compilePipeline } from './compile-pipeline';
import { fitPipeline } from './fit-pipeline';
import type { RawRow, RawTable } from './raw-table';
import type { PipelineSpec } from './step-types';

export interface PipelineBenchResult {
  readonly rounds: number;
  /** Of one profile. */
  readonly transformMicros: number;
}

const NUMERIC = Array.from({ length: 16 }, (_, i) => `number-${i}`);
const CATEGORICAL = Array.from({ length: 4 }, (_, i) => `text-${i}`);
const TEXTS = Array.from({ length: 10 }, (_, i) => `category-${i}`);
const TRAINING_ROWS = 500;
/** Rows that take turns, so that no branch is always the same. */
const ROWS = 64;
/** Of the values, this share is missing. */
const GAPS = 0.1;

const SPEC: PipelineSpec = {
  columns: [
    ...NUMERIC.map((name) => ({ name, kind: 'NUMERIC' }) as const),
    ...CATEGORICAL.map((name) => ({ name, kind: 'CATEGORICAL' }) as const),
  ],
  steps: [
    { kind: 'impute', columns: NUMERIC, strategy: 'median' },
    { kind: 'impute', columns: CATEGORICAL, strategy: 'most-frequent' },
    { kind: 'log1p', columns: NUMERIC },
    { kind: 'standard-scale', columns: NUMERIC },
    { kind: 'one-hot', columns: CATEGORICAL },
    { kind: 'pca', columns: '*', components: 8 },
  ],
};

/** Mean time of one profile of 16 numbers and 4 texts on its way to 8 components. */
export function benchPipeline(rounds: number): PipelineBenchResult {
  const rng = rngFromNumber(1);
  const { transformRow, width } = compilePipeline(fitPipeline(SPEC, drawTable(rng), { seed: 1 }).pipeline);
  const rows = Array.from({ length: ROWS }, () => drawRow(rng));
  const out = new Float64Array(width);
  const run = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const row = rows[i % ROWS];
      if (row !== undefined) transformRow(row, out);
    }
  };
  run(rounds / 10);
  const start = performance.now();
  run(rounds);
  return { rounds, transformMicros: ((performance.now() - start) * 1_000) / rounds };
}

const drawNumber = (rng: Rng): number => (rng() < GAPS ? Number.NaN : 100 * rng());
const drawCode = (rng: Rng): number => (rng() < GAPS ? -1 : Math.floor(rng() * TEXTS.length));

function drawTable(rng: Rng): RawTable {
  return {
    rows: TRAINING_ROWS,
    columns: [
      ...NUMERIC.map(
        (name) => ({ name, kind: 'NUMERIC', values: Float64Array.from({ length: TRAINING_ROWS }, () => drawNumber(rng)) }) as const,
      ),
      ...CATEGORICAL.map(
        (name) =>
          ({
            name,
            kind: 'CATEGORICAL',
            codes: Int32Array.from({ length: TRAINING_ROWS }, () => drawCode(rng)),
            categories: TEXTS,
          }) as const,
      ),
    ],
  };
}

function drawRow(rng: Rng): RawRow {
  return { numbers: Float64Array.from(NUMERIC, () => drawNumber(rng)), texts: CATEGORICAL.map(() => TEXTS[drawCode(rng)] ?? null) };
}
