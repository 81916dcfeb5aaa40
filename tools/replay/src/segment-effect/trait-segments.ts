import {
  createAssigner,
  fitSegmentModel,
  runSearch,
  type AssignableModel,
  type FittedModel,
  type SegmentPlace,
  type TrainingSettings,
} from '@vitrine/segment';
import { streamOf } from './arrivals';
import { traitFeatures, traitTable } from './trait-table';
import type { Visitor, VisitorWorld } from './visitor-world';

export interface SegmentationSettings {
  /** What the product's trainings are told. */
  readonly training: TrainingSettings;
  /** Every so many-th person is held out of the fit; configurations are chosen on them. */
  readonly holdOutEvery: number;
}

/** What one training learned from the traits of the people who were there. */
export interface TraitSegments {
  /** How many people were there, with those who were held out. */
  readonly people: number;
  readonly segments: number;
  readonly model: AssignableModel & Pick<FittedModel, 'nextSegment' | 'configuration'>;
  /** Every segment of this model and of those before it, in the order in which they came up. */
  readonly ids: readonly string[];
  /** How far people lie from the middle along each coordinate, at the first model that had it: the unit that a policy reads it in. */
  readonly spreads: readonly number[];
  /** Where each of them stands, as a gateway would say. */
  place(people: readonly Visitor[]): readonly SegmentPlace[];
}

export interface TrainingRequest {
  readonly world: VisitorWorld;
  readonly people: readonly Visitor[];
  /** The model before this one: segments and coordinates keep its meaning where they are found again. Null for none. */
  readonly previous: TraitSegments | null;
  readonly settings: SegmentationSettings;
  readonly seed: number;
}

/**
 * Learns segments and an embedding from traits alone, as a training of the product does: its search chooses the configuration on people who were
 * held out, its fit takes ids and coordinates over from the model before. Every model goes live; no gate is asked.
 *
 * @throws DomainError as the product's fit, for too few people
 */
export function trainTraitSegments({ world, people, previous, settings, seed }: TrainingRequest): TraitSegments {
  const features = traitFeatures(world);
  const isHeldOut = (at: number): boolean => at % settings.holdOutEvery === settings.holdOutEvery - 1;
  const train = traitTable(
    features,
    people.filter((_, at) => !isHeldOut(at)),
  );
  const tune = traitTable(
    features,
    people.filter((_, at) => isHeldOut(at)),
  );
  const request = { train, tune, settings: settings.training, seed: seedOf(seed) };
  const { chosen: configuration } = runSearch({ ...request, responses: [] }, () => undefined);
  const live = previous?.model ?? null;
  const nextSegment = previous?.model.nextSegment ?? 0;
  const fitted = fitSegmentModel({ ...request, responses: null, configuration, live, nextSegment }).model;
  const model = { ...fitted, version: (live?.version ?? 0) + 1 };
  const assigner = createAssigner(model);
  const place = (some: readonly Visitor[]) => some.map((person) => assigner.place(features.of(person)));
  const before = previous?.spreads ?? [];
  return {
    people: people.length,
    segments: model.segments.length,
    model,
    ids: [...new Set([...(previous?.ids ?? []), ...model.segments.map(({ id }) => id)])],
    spreads: [...before, ...spreadsOf(place(people), assigner.width).slice(before.length)],
    place,
  };
}

/** A whole number from the stream of trainings: what a training draws says nothing about who arrives. */
const seedOf = (seed: number): number => Math.floor(streamOf(seed, 'training')() * 2 ** 32);

/** Root mean square of each coordinate; 1 for one that never varies. */
function spreadsOf(places: readonly SegmentPlace[], width: number): readonly number[] {
  return Array.from({ length: width }, (_, c) => {
    const squares = places.reduce((sum, { embedding }) => sum + (embedding[c] ?? 0) ** 2, 0);
    return squares > 0 ? Math.sqrt(squares / places.length) : 1;
  });
}
