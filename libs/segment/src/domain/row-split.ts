import { murmur3 } from '@vitrine/kernel';

/**
 * What a row is for: TRAIN fits models, TUNE chooses the number of segments, TEST judges the chosen one. The gate's rows are held out
 * from the choice too: a score that was maximised over is no fair witness.
 */
export const ROW_SPLITS = ['TRAIN', 'TUNE', 'TEST'] as const;
export type RowSplit = (typeof ROW_SPLITS)[number];

const PERCENT = { TRAIN: 70, TUNE: 15 } as const;

/** By hash, so that a profile lands in the same split however often and in whatever order it is read. */
export function splitOf(profileId: string, seed: number): RowSplit {
  const bucket = murmur3(profileId, seed) % 100;
  if (bucket < PERCENT.TRAIN) return 'TRAIN';
  return bucket < PERCENT.TRAIN + PERCENT.TUNE ? 'TUNE' : 'TEST';
}
