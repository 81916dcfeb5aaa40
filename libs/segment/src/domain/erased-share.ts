import type { SegmentModel } from './types';

/** Share of a model's training rows that may belong to people who were erased since, before it should be trained again. */
export const MAX_ERASED_SHARE = 0.01;

/** Whether more of what a model learned from is gone than may be. */
export function outlivedItsRows({ trainedRows, erasedRows = 0 }: Pick<SegmentModel, 'trainedRows' | 'erasedRows'>): boolean {
  return erasedRows > MAX_ERASED_SHARE * trainedRows;
}
