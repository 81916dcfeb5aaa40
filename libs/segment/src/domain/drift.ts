import { binShares, populationStability, quantileCuts } from './metrics/population-stability';
import type { RawTable } from './pipeline/raw-table';
import type { DriftReference, FeatureSpread } from './types';

const BINS = 10;
/** The usual reading of the index: below 0.1 nothing changed, above 0.25 the population is another one. */
export const DRIFTED = 0.25;

export interface DriftReport {
  readonly rows: number;
  /** Population stability index per feature, in the model's order. */
  readonly features: readonly { readonly name: string; readonly index: number }[];
  /** Of the shares of segments. */
  readonly segments: number;
  readonly drifted: boolean;
}

/** Deciles of every numeric feature and the shares of segments: what later populations are compared with. */
export function driftReference(table: RawTable, segments: DriftReference['segments']): DriftReference {
  const features = table.columns.flatMap((column) => (column.kind === 'NUMERIC' ? [spreadOf(column.name, column.values)] : []));
  return { features, segments };
}

function spreadOf(name: string, values: Float64Array): FeatureSpread {
  const cuts = quantileCuts(values, BINS);
  return { name, edges: Array.from(cuts), shares: Array.from(binShares(values, cuts)) };
}

/**
 * How far a population has moved from the one that a model was trained on.
 *
 * @param table the model's features; a feature that the reference does not know is left out
 * @param segmentIds the segment of each row
 */
export function measureDrift(reference: DriftReference, table: RawTable, segmentIds: readonly string[]): DriftReport {
  const known = new Map(reference.features.map((feature) => [feature.name, feature]));
  const features = table.columns.flatMap((column) => {
    const feature = known.get(column.name);
    if (feature === undefined || column.kind !== 'NUMERIC') return [];
    return [{ name: column.name, index: indexOf(feature, column.values) }];
  });
  const ids = Object.keys(reference.segments);
  const counts = new Map<string, number>();
  for (const id of segmentIds) counts.set(id, (counts.get(id) ?? 0) + 1);
  const segments = populationStability(
    Float64Array.from(ids, (id) => reference.segments[id] ?? 0),
    Float64Array.from(ids, (id) => (counts.get(id) ?? 0) / Math.max(1, segmentIds.length)),
  );
  const drifted = segments > DRIFTED || features.some(({ index }) => index > DRIFTED);
  return { rows: table.rows, features, segments, drifted };
}

const indexOf = ({ edges, shares }: FeatureSpread, values: Float64Array): number =>
  populationStability(Float64Array.from(shares), binShares(values, Float64Array.from(edges)));
