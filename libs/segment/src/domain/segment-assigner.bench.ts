import { rngFromNumber } from '@vitrine/kernel';
import { fitPipeline } from './pipeline/fit-pipeline';
import { createAssigner } from './segment-assigner';
import { numericTable } from './training/labelled-table';
import { segmentPipelineSpec } from './training/segment-pipeline';

export interface AssignerBenchResult {
  readonly rounds: number;
  readonly assignMicros: number;
}

const FEATURES = 16;
const SEGMENTS = 10;

/** Mean time from the raw features of one profile to its segment: 16 features through imputation, power, scale and PCA to 8, 10 segments. */
export function benchAssigner(rounds: number): AssignerBenchResult {
  const rng = rngFromNumber(1);
  const numbers = (count: number): number[] => Array.from({ length: count }, () => rng());
  const names = Array.from({ length: FEATURES }, (_, at) => `feature${at}`);
  const table = numericTable(names, Float64Array.from(numbers(FEATURES * 500)));
  const configuration = { algorithm: 'K_MEANS', segments: SEGMENTS, scaling: 'POWER', dimensions: 8 } as const;
  const assigner = createAssigner({
    version: 1,
    pipeline: fitPipeline(segmentPipelineSpec(table, configuration), table, { seed: 1 }).pipeline,
    clusterer: { kind: 'K_MEANS', middles: Array.from({ length: SEGMENTS }, () => numbers(configuration.dimensions)) },
    segments: Array.from({ length: SEGMENTS }, (_, at) => {
      return { id: `seg-${at}`, name: String(at), description: '', share: 1 / SEGMENTS, size: 0, rate: null };
    }),
  });
  const features = Float64Array.from(numbers(FEATURES));
  for (let i = 0; i < rounds / 10; i++) assigner.assign(features);
  const start = performance.now();
  for (let i = 0; i < rounds; i++) assigner.assign(features);
  return { rounds, assignMicros: ((performance.now() - start) * 1_000) / rounds };
}
