import { compilePipeline } from '../pipeline/compile-pipeline';
import { fitPipeline } from '../pipeline/fit-pipeline';
import type { RawTable } from '../pipeline/raw-table';
import type { FittedPipeline } from '../pipeline/step-types';
import type { RowMatrix } from '../row-matrix';
import { alignEmbedding } from './align-embedding';
import { assignGroups, groupRows, partRng } from './group-rows';
import { takeTableRows } from './labelled-table';
import { adjustedRandIndex } from '../metrics/adjusted-rand-index';
import { PLAIN, plantedTable } from './planted.fixture';
import { segmentPipelineSpec } from './segment-pipeline';

const table = plantedTable(900, 1);
const fit = (rows: RawTable, dimensions = 3): FittedPipeline =>
  fitPipeline(segmentPipelineSpec(rows, { ...PLAIN, dimensions }), rows, { seed: 1 }).pipeline;
const embed = (pipeline: FittedPipeline): RowMatrix => compilePipeline(pipeline).transformTable(table);
const live = fit(table);

function correlation(a: RowMatrix, b: RowMatrix, column: number): number {
  const of = ({ values, columns, rows }: RowMatrix) => Array.from({ length: rows }, (_, row) => values[row * columns + column] ?? 0);
  const [x, y] = [of(a), of(b)];
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [mx, my] = [mean(x), mean(y)];
  const products = x.map((value, at) => (value - mx) * ((y[at] ?? 0) - my));
  const squares = (list: readonly number[], middle: number) => list.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return products.reduce((sum, value) => sum + value, 0) / Math.sqrt(squares(x, mx) * squares(y, my));
}

/** The same embedding with its coordinates in another order and some turned round. */
function turned(pipeline: FittedPipeline, order: readonly number[], signs: readonly number[]): FittedPipeline {
  const steps = pipeline.steps.map((step) => {
    if (step.kind !== 'pca') return step;
    const components = order.map((from, to) => (step.components[from] ?? []).map((weight) => weight * (signs[to] ?? 1)));
    return { ...step, components };
  });
  return { ...pipeline, steps };
}

describe('alignEmbedding', () => {
  it('leaves the first embedding as it is', () => {
    expect(alignEmbedding(live, table, null)).toBe(live);
  });

  it('undoes any order and signs that the coordinates of the same embedding came in', () => {
    const back = alignEmbedding(turned(live, [2, 0, 1], [-1, 1, -1]), table, embed(live));
    expect(Array.from(embed(back).values)).toEqual(Array.from(embed(live).values));
  });

  it.each([11, 12, 13, 14])('makes a model of bootstrap rows run along the live one, in order and sign (%d)', (seed) => {
    const rng = partRng(seed, 1);
    const bootstrap = takeTableRows(
      table,
      Int32Array.from({ length: table.rows }, () => Math.floor(rng() * table.rows)),
    );
    const again = turned(fit(bootstrap), [1, 2, 0], [-1, -1, 1]);
    const aligned = embed(alignEmbedding(again, table, embed(live)));
    for (const column of [0, 1, 2]) expect(correlation(aligned, embed(live), column)).toBeGreaterThan(0.9);
  });

  it('moves nobody: groups found in the aligned coordinates are those of the others', () => {
    const other = turned(fit(plantedTable(900, 6)), [2, 1, 0], [1, -1, 1]);
    const options = { algorithm: 'K_MEANS', segments: 3, restarts: 2, maxIterations: 50 } as const;
    const label = (pipeline: FittedPipeline): Int32Array => {
      const rows = embed(pipeline);
      return assignGroups(rows, groupRows(rows, options, partRng(3, 1)).clusterer);
    };
    const aligned = alignEmbedding(other, table, embed(live));
    expect(aligned).not.toEqual(other);
    expect(adjustedRandIndex(label(aligned), label(other))).toBe(1);
  });

  it('matches what it can with a live model of more or of fewer coordinates, and loses none of its own', () => {
    for (const [mine, theirs] of [
      [3, 2],
      [2, 3],
    ] as const) {
      const aligned = alignEmbedding(fit(plantedTable(900, 6), mine), table, embed(fit(table, theirs)));
      const [last] = aligned.steps.slice(-1);
      const components = last?.kind === 'pca' ? last.components.map((row) => row.map((weight) => Math.abs(weight)).join()) : [];
      expect(new Set(components).size).toBe(mine);
    }
  });

  it('refuses embeddings of different rows', () => {
    expect(() => alignEmbedding(live, plantedTable(30, 1), embed(live))).toThrow('the same rows');
  });
});
