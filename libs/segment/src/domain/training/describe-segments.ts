import { compilePipeline } from '../pipeline/compile-pipeline';
import { fitPipeline } from '../pipeline/fit-pipeline';
import type { RawTable } from '../pipeline/raw-table';
import type { FittedPipeline } from '../pipeline/step-types';
import type { RowMatrix } from '../row-matrix';
import { createAssigner, type AssignableModel } from '../segment-assigner';
import { describeSegment, nameSegments } from '../segment-names';
import type { SegmentRate, SegmentSummary } from '../types';
import { assignGroups, type Grouping } from './group-rows';
import { ruleNames } from './group-by-rules';
import type { ResponsePair } from './labelled-table';
import { ratesOf } from './response-gain';
import { inheritIds } from './segment-identity';
import { neutralPipelineSpec } from './segment-pipeline';

export interface DescribeRequest {
  readonly pipeline: FittedPipeline;
  readonly grouping: Grouping;
  /** Training rows that speak for all. */
  readonly sample: RawTable;
  readonly responses: ResponsePair | null;
  readonly live: AssignableModel | null;
  readonly nextSegment: number;
  readonly seed: number;
}

export interface DescribedSegments {
  readonly summaries: readonly SegmentSummary[];
  readonly nextSegment: number;
}

/** Who is in each group: id, name, sentence, share and, where it is known, how often its people respond later. */
export function describeSegments({ pipeline, grouping, sample, responses, live, nextSegment, seed }: DescribeRequest): DescribedSegments {
  const { clusterer, sizes } = grouping;
  const compiled = compilePipeline(pipeline);
  const labels = assignGroups(compiled.transformTable(sample), clusterer);
  const names = sample.columns.map(({ name }) => name);
  const neutral = compilePipeline(fitPipeline(neutralPipelineSpec(sample), sample, { seed }).pipeline).transformTable(sample);
  const middles = meansByLabel(neutral, labels, sizes.length);
  const readable = clusterer.kind === 'RFM' ? ruleNames(clusterer) : nameSegments(middles, names);
  const { ids, nextSegment: next } = inheritIds(
    labels,
    sizes.length,
    live === null ? null : { segmentIds: idsOf(live, sample) },
    nextSegment,
  );
  const rates = responses === null ? [] : ratesOfJudges(responses, grouping, (table) => compiled.transformTable(table));
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const summaries = sizes.map((size, group): SegmentSummary => {
    return {
      id: ids[group] ?? `seg-${group}`,
      name: readable[group] ?? `Segment ${group}`,
      description: describeSegment(middles[group] ?? [], names),
      share: size / rows,
      size: 0,
      rate: rates[group] ?? null,
    };
  });
  return { summaries, nextSegment: next };
}

function ratesOfJudges(
  { judge }: ResponsePair,
  { clusterer, sizes }: Grouping,
  transform: (table: RawTable) => RowMatrix,
): readonly (SegmentRate | null)[] {
  return ratesOf({ labels: assignGroups(transform(judge.table), clusterer), target: judge.target }, sizes.length);
}

/** Segment of every row in a model that reads these columns. */
function idsOf(model: AssignableModel, table: RawTable): readonly string[] {
  const assigner = createAssigner(model);
  return eachRow(table, (features) => assigner.assign(features));
}

/** Calls with the numbers of each row; the array is used again. */
export function eachRow<T>({ rows, columns }: RawTable, take: (features: Float64Array) => T): T[] {
  const numbers = columns.flatMap((column) => (column.kind === 'NUMERIC' ? [column.values] : []));
  const features = new Float64Array(numbers.length);
  return Array.from({ length: rows }, (_, row) => {
    numbers.forEach((values, at) => (features[at] = values[row] ?? Number.NaN));
    return take(features);
  });
}

function meansByLabel({ rows, columns, values }: RowMatrix, labels: Int32Array, groups: number): readonly (readonly number[])[] {
  const sums = Array.from({ length: groups }, () => new Float64Array(columns));
  const counts = new Float64Array(groups);
  for (let row = 0; row < rows; row++) {
    const group = labels[row] ?? 0;
    counts[group] = (counts[group] ?? 0) + 1;
    sums[group]?.forEach((sum, c, into) => (into[c] = sum + (values[row * columns + c] ?? 0)));
  }
  return sums.map((sum, group) => Array.from(sum, (total) => total / Math.max(1, counts[group] ?? 0)));
}
