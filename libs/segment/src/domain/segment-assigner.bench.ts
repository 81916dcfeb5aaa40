import { rngFromNumber } from '@vitrine/kernel';
import { createAssigner } from './segment-assigner';

export interface AssignerBenchResult {
  readonly rounds: number;
  readonly assignMicros: number;
}

/** Mean time of one assignment among 10 segments over 16 features. */
export function benchAssigner(rounds: number): AssignerBenchResult {
  const rng = rngFromNumber(1);
  const numbers = (count: number): number[] => Array.from({ length: count }, () => rng());
  const assigner = createAssigner({
    version: 1,
    center: numbers(16),
    scale: numbers(16),
    clip: 6,
    centroids: Array.from({ length: 10 }, () => numbers(16)),
    segments: Array.from({ length: 10 }, (_, at) => ({ id: `seg-${at}`, name: String(at), share: 0.1, size: 0 })),
  });
  const features = Float64Array.from(numbers(16));
  for (let i = 0; i < rounds / 10; i++) assigner.assign(features);
  const start = performance.now();
  for (let i = 0; i < rounds; i++) assigner.assign(features);
  return { rounds, assignMicros: ((performance.now() - start) * 1_000) / rounds };
}
