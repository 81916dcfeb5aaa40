import { invariant } from '@vitrine/kernel';
import { rowMatrix, squaredDistance, type RowMatrix } from './row-matrix';
import type { SegmentAssigner, SegmentModel } from './types';

/** What assignment reads of a model. */
export type AssignableModel = Pick<SegmentModel, 'version' | 'center' | 'scale' | 'clip' | 'centroids' | 'segments'>;

/**
 * Nearest centroid in scaled space, first of equals: the same rule that training used. A value that is not a number counts as average.
 * Allocates once, here; `assign` allocates nothing.
 */
export function createAssigner(model: AssignableModel): SegmentAssigner {
  const columns = model.center.length;
  const ids = model.segments.map((segment) => segment.id);
  const nearest = createNearest(model);
  return {
    modelVersion: model.version,
    assign(features) {
      invariant(features.length === columns, 'features match the model');
      const id = ids[nearest(features, 0)];
      invariant(id !== undefined, 'a model names each of its centroids');
      return id;
    },
  };
}

/** Index of the nearest centroid to the raw (unscaled) row that starts at `at`. */
export function createNearest(model: Omit<AssignableModel, 'version' | 'segments'>): (values: Float64Array, at: number) => number {
  const { clip } = model;
  const columns = model.center.length;
  const k = model.centroids.length;
  invariant(k > 0 && model.scale.length === columns, 'a model has centroids and one scale per feature');
  const center = Float64Array.from(model.center);
  const inverse = Float64Array.from(model.scale, (scale) => (scale === 0 ? 0 : 1 / scale));
  const centroids = rowMatrix(columns, Float64Array.from(model.centroids.flat()));
  invariant(centroids.rows === k, 'every centroid has all features');
  const scaled = rowMatrix(columns, new Float64Array(columns));
  return (values, at) => {
    for (let c = 0; c < columns; c++) scaled.values[c] = cut(((values[at + c] ?? 0) - (center[c] ?? 0)) * (inverse[c] ?? 0), clip);
    return nearestRow(scaled, centroids);
  };
}

function cut(z: number, clip: number): number {
  if (z > clip) return clip;
  if (z < -clip) return -clip;
  return Number.isNaN(z) ? 0 : z;
}

function nearestRow(row: RowMatrix, centroids: RowMatrix): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let c = 0; c < centroids.rows; c++) {
    const distance = squaredDistance(row, 0, centroids, c);
    if (distance >= least) continue;
    least = distance;
    best = c;
  }
  return best;
}
