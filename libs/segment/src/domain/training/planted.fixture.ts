import { syntheticTable } from '../../testing/synthetic-rows.fixture';
import { quickSettings } from '../../testing/segment.fixture';
import type { RawTable } from '../pipeline/raw-table';
import type { SegmentConfiguration } from '../search/configuration';
import type { FitRequest } from './fit-segment-model';
import type { LabelledTable } from './labelled-table';

/** Three kinds of people in four features, far apart in units of their spread. Row i is of kind `i % 3`. */
export const KINDS = [
  [0, 0, 0, 20],
  [20, 0, 10, 0],
  [0, 24, -10, 0],
] as const;

export const plantedTable = (rows: number, seed: number): RawTable => syntheticTable(rows, { archetypes: KINDS, seed });

/** What people of each kind did: one in so many responded. */
export function plantedResponses(rows: number, of: { readonly seed: number; readonly oneIn: readonly number[] }): LabelledTable {
  const { seed, oneIn } = of;
  const answer = (row: number): number => (Math.floor(row / KINDS.length) % (oneIn[row % KINDS.length] ?? 1) === 0 ? 1 : 0);
  return { table: plantedTable(rows, seed), target: Float64Array.from({ length: rows }, (_, row) => answer(row)) };
}

export const PLAIN: SegmentConfiguration = { algorithm: 'K_MEANS', segments: 3, scaling: 'STANDARD', dimensions: 3 };

export function aFitRequest(over: Partial<FitRequest> = {}): FitRequest {
  return {
    ...{ train: plantedTable(900, 1), tune: plantedTable(300, 2), responses: null },
    ...{ configuration: PLAIN, settings: quickSettings(), seed: 5, live: null, nextSegment: 0 },
    ...over,
  };
}
