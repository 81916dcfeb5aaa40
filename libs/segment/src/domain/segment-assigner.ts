import { invariant } from '@vitrine/kernel';
import { compileClusterer } from './clustering/clusterer';
import { compilePipeline } from './pipeline/compile-pipeline';
import { PIPELINE_VERSION } from './pipeline/step-types';
import type { SegmentAssigner, SegmentModel } from './types';

/** What assignment reads of a model. */
export type AssignableModel = Pick<SegmentModel, 'version' | 'pipeline' | 'clusterer' | 'segments'>;

/** Whether this release can run a model that may have been stored by another one. */
export function isRunnable({ pipeline }: Pick<SegmentModel, 'pipeline'>): boolean {
  const version: number = pipeline.version;
  return version === PIPELINE_VERSION;
}

/**
 * A model as a function from a profile's features to its segment and its coordinates: the same pipeline object that training fitted, and
 * the same rule. A value that is not a number is imputed as the pipeline says. Allocates once, here; `assign` allocates nothing.
 *
 * @throws DomainError PIPELINE_VERSION_MISMATCH
 */
export function createAssigner({ version, pipeline, clusterer, segments }: AssignableModel): SegmentAssigner {
  const compiled = compilePipeline(pipeline);
  const groupOf = compileClusterer(clusterer);
  const ids = segments.map((segment) => segment.id);
  invariant(ids.length === clusterer.middles.length, 'a model names each of its groups');
  const inputs = compiled.columns.length;
  const coordinates = new Float64Array(compiled.width);
  const row = { numbers: new Float64Array(inputs), texts: [] };
  const middles = new Map(ids.map((id, group) => [id, Float64Array.from(clusterer.middles[group] ?? [])]));
  const assign = (features: Float64Array): string => {
    invariant(features.length === inputs, 'features match the model');
    row.numbers.set(features);
    compiled.transformRow(row, coordinates);
    const id = ids[groupOf(coordinates, 0)];
    invariant(id !== undefined, 'a group has a segment');
    return id;
  };
  return {
    modelVersion: version,
    width: compiled.width,
    assign,
    place: (features) => ({ segmentId: assign(features), embedding: coordinates.slice() }),
    middleOf: (segmentId) => middles.get(segmentId)?.slice() ?? null,
  };
}
