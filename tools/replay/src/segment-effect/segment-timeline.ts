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
  /** Length of the features of a visitor: one place per segment that any model had, then the coordinates. */
  readonly width: number;
  /** @returns shape [width]; zeros for who came before there was a model */
  featuresOf(visitor: number): Float64Array;
  readonly models: readonly Pick<TraitSegments, 'people' | 'segments'>[];
}

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
  const assigned = new Map<number, { readonly segmentId: string; readonly coordinates: Float64Array }>();
  const points = settings.trainAfter.filter((point) => point < arrived.length);
  points.forEach((point, at) => {
    const model = trainTraitSegments({ world, people: arrived.slice(0, point), previous: models.at(-1) ?? null, settings, seed });
    models.push(model);
    model.place(arrived.slice(point, points[at + 1])).forEach(({ segmentId, embedding }, row) => {
      const coordinates = encoded(embedding.subarray(0, settings.shownCoordinates), model.spreads);
      assigned.set(order[point + row] ?? 0, { segmentId, coordinates });
    });
  });
  const slots = models.at(-1)?.ids ?? [];
  const width = slots.length + settings.shownCoordinates;
  const features = Array.from(world.visitors, (_, who) => {
    const vector = new Float64Array(width);
    const place = assigned.get(who);
    if (place === undefined) return vector;
    vector[slots.indexOf(place.segmentId)] = 1;
    vector.set(place.coordinates, slots.length);
    return vector;
  });
  return { width, featuresOf: (who) => features[who] ?? new Float64Array(width), models };
}

/** As features of a policy are: in units that stay, and rounded and bounded as a decision token carries them. What is scored is what is learned from. */
function encoded(embedding: Float64Array, spreads: readonly number[]): Float64Array {
  const scaled = embedding.map((value, c) => value / (spreads[c] ?? 1));
  dequantise(quantise(scaled).steps, scaled);
  return scaled;
}
