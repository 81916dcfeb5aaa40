import type { PipelineSpec, RawColumn, RawTable, StepSpec } from '@vitrine/segment';
import type { Visitor, VisitorWorld } from './visitor-world';

const UNKNOWN = -1;

/** Traits of these people as the columns that a segment model reads: nothing of what they were shown or did. */
export function traitTable({ traitValues, traitScales }: VisitorWorld, people: readonly Visitor[]): RawTable {
  return {
    rows: people.length,
    columns: Array.from(traitValues, ([name, values]) => columnOf(name, { values, scale: traitScales.get(name) }, people)),
  };
}

interface TraitDomain {
  readonly values: readonly string[];
  readonly scale: readonly string[] | undefined;
}

function columnOf(name: string, { values, scale }: TraitDomain, people: readonly Visitor[]): RawColumn {
  const places = new Map((scale ?? values).map((value, place) => [value, place]));
  const placeOf = ({ traits }: Visitor): number | undefined => places.get(traits[name] ?? '');
  if (scale !== undefined) return { name, kind: 'NUMERIC', values: Float64Array.from(people, (person) => placeOf(person) ?? Number.NaN) };
  return { name, kind: 'CATEGORICAL', codes: Int32Array.from(people, (person) => placeOf(person) ?? UNKNOWN), categories: values };
}

/** Ordered traits in units of their spread, with the median where they are not known; the others one column per value, 0 or 1. */
export function traitPipelineSpec({ columns }: RawTable): PipelineSpec {
  const named = (kind: RawColumn['kind']) => columns.filter((column) => column.kind === kind).map(({ name }) => name);
  const ordered = named('NUMERIC');
  const texts = named('CATEGORICAL');
  const steps: StepSpec[] = [];
  if (ordered.length > 0) {
    steps.push({ kind: 'impute', columns: ordered, strategy: 'median' }, { kind: 'standard-scale', columns: ordered });
  }
  if (texts.length > 0) steps.push({ kind: 'one-hot', columns: texts });
  return { columns: columns.map(({ name, kind }) => ({ name, kind })), steps };
}
