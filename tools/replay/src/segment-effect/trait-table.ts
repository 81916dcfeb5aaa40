import { numericTable, type RawTable } from '@vitrine/segment';
import type { Visitor, VisitorWorld } from './visitor-world';

/** Traits of people as the numbers that a segment model reads: nothing of what they were shown or did. */
export interface TraitFeatures {
  readonly names: readonly string[];
  /** Shape [names.length]; NaN for an ordered trait that is not known. */
  of(person: Visitor): Float64Array;
}

interface TraitColumn {
  readonly name: string;
  valueOf(person: Visitor): number;
}

/** An ordered trait is its place on its scale, any other one column per value, 0 or 1: all 0 where it is not known, or never heard of. */
export function traitFeatures({ traitValues, traitScales }: VisitorWorld): TraitFeatures {
  const columns = Array.from(traitValues, ([trait, values]) => columnsOf(trait, { values, scale: traitScales.get(trait) })).flat();
  return {
    names: columns.map(({ name }) => name),
    of: (person) => Float64Array.from(columns, (column) => column.valueOf(person)),
  };
}

interface TraitDomain {
  readonly values: readonly string[];
  readonly scale: readonly string[] | undefined;
}

function columnsOf(trait: string, { values, scale }: TraitDomain): readonly TraitColumn[] {
  if (scale === undefined) {
    return values.map((value) => ({ name: `${trait}: ${value}`, valueOf: ({ traits }) => (traits[trait] === value ? 1 : 0) }));
  }
  const places = new Map(scale.map((value, place) => [value, place]));
  return [{ name: trait, valueOf: ({ traits }) => places.get(traits[trait] ?? '') ?? Number.NaN }];
}

/** One row per person. */
export function traitTable(features: TraitFeatures, people: readonly Visitor[]): RawTable {
  const width = features.names.length;
  const values = new Float64Array(people.length * width);
  people.forEach((person, row) => values.set(features.of(person), row * width));
  return numericTable(features.names, values);
}
