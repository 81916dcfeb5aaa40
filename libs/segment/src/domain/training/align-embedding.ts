import { invariant } from '@vitrine/kernel';
import { compilePipeline } from '../pipeline/compile-pipeline';
import type { RawTable } from '../pipeline/raw-table';
import type { FittedPipeline, FittedStep } from '../pipeline/step-types';
import type { RowMatrix } from '../row-matrix';

/** For each coordinate of the aligned embedding, which one of the new embedding it is, and with which sign. */
interface Alignment {
  readonly order: readonly number[];
  readonly signs: readonly number[];
}

/**
 * Turns the coordinates of a new embedding so that each runs along the live one's that it is most like: principal components have no
 * order and no sign of their own, and a policy that learned what a coordinate means would have to start anew at every training. Pairs are
 * matched greedily by correlation over the same rows. Distances do not change.
 *
 * @param sample rows that both embeddings are compared on
 * @param live the live model's coordinates of the same rows; null leaves everything as it is
 */
export function alignEmbedding(pipeline: FittedPipeline, sample: RawTable, live: RowMatrix | null): FittedPipeline {
  if (live === null) return pipeline;
  const own = compilePipeline(pipeline).transformTable(sample);
  invariant(own.rows === live.rows, 'both embeddings are of the same rows');
  const alignment = matchCoordinates(own, live);
  return { ...pipeline, steps: pipeline.steps.map((step, at) => (at === pipeline.steps.length - 1 ? turned(step, alignment) : step)) };
}

function turned(step: FittedStep, { order, signs }: Alignment): FittedStep {
  if (step.kind !== 'pca') return step;
  const components = order.map((from, to) => (step.components[from] ?? []).map((weight) => weight * (signs[to] ?? 1)));
  return { ...step, components, explained: order.map((from) => step.explained[from] ?? 0) };
}

function matchCoordinates(own: RowMatrix, live: RowMatrix): Alignment {
  const pairs: { readonly mine: number; readonly theirs: number; readonly r: number }[] = [];
  for (let mine = 0; mine < own.columns; mine++) {
    for (let theirs = 0; theirs < Math.min(own.columns, live.columns); theirs++) {
      pairs.push({ mine, theirs, r: correlation(own, mine, live, theirs) });
    }
  }
  pairs.sort((a, b) => Math.abs(b.r) - Math.abs(a.r) || a.mine - b.mine || a.theirs - b.theirs);
  const order = new Map<number, { readonly mine: number; readonly sign: number }>();
  const used = new Set<number>();
  for (const { mine, theirs, r } of pairs) {
    if (used.has(mine) || order.has(theirs)) continue;
    order.set(theirs, { mine, sign: r < 0 ? -1 : 1 });
    used.add(mine);
  }
  const left = Array.from({ length: own.columns }, (_, mine) => mine).filter((mine) => !used.has(mine));
  const places = Array.from({ length: own.columns }, (_, at) => order.get(at) ?? { mine: left.shift() ?? at, sign: 1 });
  return { order: places.map(({ mine }) => mine), signs: places.map(({ sign }) => sign) };
}

/** Pearson's, 0 where a coordinate does not vary. */
function correlation(a: RowMatrix, columnA: number, b: RowMatrix, columnB: number): number {
  const at = (matrix: RowMatrix, row: number, column: number): number => matrix.values[row * matrix.columns + column] ?? 0;
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let row = 0; row < a.rows; row++) {
    const x = at(a, row, columnA);
    const y = at(b, row, columnB);
    sumA += x;
    sumB += y;
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
  }
  const spread = (squaresA - (sumA * sumA) / a.rows) * (squaresB - (sumB * sumB) / a.rows);
  return spread > 0 ? (products - (sumA * sumB) / a.rows) / Math.sqrt(spread) : 0;
}
