import { invariant } from '@vitrine/kernel';
import { dequantise, quantise } from '@vitrine/feedback';
import { trainTraitSegments, type SegmentationSettings, type TraitSegments } from './trait-segments';
import type { Visitor, VisitorWorld } from './visitor-world';

export interface TimelineSettings extends SegmentationSettings {
  /** After how many visitors a model is trained, ascending. */
  readonly trainAfter: readonly number[];
  /** How many of the first coordinates a policy sees beside the segment; 0 for the segment alone. */
  readonly shownCoordinates: number;
}

/** What the segment models of one order of arrivals said of each visitor, at the moment they came. */
export interface SegmentTimeline {
  /** Length of the features of a visitor: one place per segment number, then the coordinates. */
  readonly width: number;
  /** @returns shape [width]; zeros for who came before there was a model */
  featuresOf(visitor: number): Float64Array;
  readonly models: readonly Pick<TraitSegments, 'people' | 'segments'>[];
}

/** Coordinates beyond so many spreads say nothing more; a token has room up to there. */
const FARTHEST = 3;

/**
 * Trains a model on the traits of those who have come whenever as many visitors as `trainAfter` says have come, and gives whoever comes after it
 * a segment and coordinates from the traits they come with. No model ever sees a reward, or anybody who comes later.
 *
 * @param order visitors as they arrive
 */
export function segmentTimeline(
  world: VisitorWorld,
  order: Int32Array,
  { settings, seed }: { readonly settings: TimelineSettings; readonly seed: number },
): SegmentTimeline {
  const arrived = Array.from(order, (who): Visitor => {
    const visitor = world.visitors[who];
    invariant(visitor !== undefined, 'an order names visitors of the world');
    return visitor;
  });
  const models: TraitSegments[] = [];
  const assigned: { readonly number: number; readonly coordinates: Float64Array }[] = [];
  const points = settings.trainAfter.filter((point) => point < arrived.length);
  points.forEach((point, at) => {
    const model = trainTraitSegments({ world, people: arrived.slice(0, point), previous: models.at(-1) ?? null, settings, seed });
    models.push(model);
    const newcomers = arrived.slice(point, points[at + 1]);
    const { columns, values } = model.embed(newcomers);
    model.assign(newcomers).forEach((number, row) => {
      assigned[order[point + row] ?? 0] = { number, coordinates: kept(values.slice(row * columns, (row + 1) * columns)) };
    });
  });
  const slots = models.at(-1)?.used ?? 0;
  const shown = Math.min(settings.shownCoordinates, settings.coordinates);
  const width = slots + shown;
  const features = Array.from(world.visitors, (_, who) => {
    const vector = new Float64Array(width);
    const place = assigned[who];
    if (place === undefined) return vector;
    vector[place.number] = 1;
    vector.set(place.coordinates.subarray(0, shown), slots);
    return vector;
  });
  return { width, featuresOf: (who) => features[who] ?? new Float64Array(width), models };
}

/** As a decision token carries them: what is scored is what is learned from. */
function kept(coordinates: Float64Array): Float64Array {
  const near = coordinates.map((value) => Math.max(-FARTHEST, Math.min(FARTHEST, value)));
  dequantise(quantise(near).steps, near);
  return near;
}
