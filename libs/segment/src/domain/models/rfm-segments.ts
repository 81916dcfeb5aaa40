import { DomainError, invariant } from '@vitrine/kernel';
import type { RowMatrix } from '../row-matrix';

/** Readable groups by what people bought: how lately, how often, for how much. */
export const RFM_SEGMENTS = [
  'CHAMPIONS',
  'LOYAL',
  'POTENTIAL_LOYALISTS',
  'NEW',
  'PROMISING',
  'NEED_ATTENTION',
  'ABOUT_TO_SLEEP',
  'AT_RISK',
  'CANNOT_LOSE',
  'HIBERNATING',
] as const;
export type RfmSegment = (typeof RFM_SEGMENTS)[number];

/** Cuts between the five scores of each measure, shape [4], ascending; plain JSON. */
export interface RfmModel {
  readonly kind: 'RFM';
  readonly columns: RfmColumns;
  readonly recencyCuts: readonly number[];
  readonly frequencyCuts: readonly number[];
  readonly monetaryCuts: readonly number[];
}

/** Where a row holds each measure. */
export interface RfmColumns {
  /** Time since the last purchase: less is better. */
  readonly recency: number;
  /** Number of purchases. */
  readonly frequency: number;
  /** What they came to. */
  readonly monetary: number;
}

const SCORES = 5;

/** The segment by recency score (first row: 1, longest ago) and the mean of the other two scores, rounded up (first column: 1). */
const GRID: readonly (readonly RfmSegment[])[] = [
  ['HIBERNATING', 'HIBERNATING', 'AT_RISK', 'AT_RISK', 'CANNOT_LOSE'],
  ['HIBERNATING', 'HIBERNATING', 'AT_RISK', 'AT_RISK', 'CANNOT_LOSE'],
  ['ABOUT_TO_SLEEP', 'ABOUT_TO_SLEEP', 'NEED_ATTENTION', 'LOYAL', 'LOYAL'],
  ['PROMISING', 'POTENTIAL_LOYALISTS', 'POTENTIAL_LOYALISTS', 'LOYAL', 'LOYAL'],
  ['NEW', 'POTENTIAL_LOYALISTS', 'POTENTIAL_LOYALISTS', 'CHAMPIONS', 'CHAMPIONS'],
];

/**
 * Fits the cuts of recency, frequency and monetary scores: quintiles of the training rows. Equal values get equal scores, so that a measure
 * with many ties (most people bought once) has scores that nobody gets. A measure that is missing (NaN) does not count.
 *
 * The scores follow Hughes; the names and their places on the grid are trade custom and differ from shop to shop in their details.
 *
 * @param rows of people who bought at all
 * @throws TOO_FEW_ROWS when a measure has fewer than five values
 * @see Hughes, Strategic Database Marketing (1994): scores by quintile
 */
export function rfmSegments(rows: RowMatrix, columns: RfmColumns): RfmModel {
  return {
    kind: 'RFM',
    columns,
    recencyCuts: quintiles(rows, columns.recency),
    frequencyCuts: quintiles(rows, columns.frequency),
    monetaryCuts: quintiles(rows, columns.monetary),
  };
}

function quintiles({ rows, columns, values }: RowMatrix, column: number): readonly number[] {
  invariant(column >= 0 && column < columns, 'a measure is a column of the rows');
  const measured = Float64Array.from({ length: rows }, (_, row) => values[row * columns + column] ?? Number.NaN);
  const sorted = measured.filter((value) => Number.isFinite(value)).sort();
  if (sorted.length < SCORES) {
    const details = { needed: SCORES, found: sorted.length };
    throw new DomainError('TOO_FEW_ROWS', `quintiles need ${SCORES} values, there are ${sorted.length}`, { details });
  }
  return [1, 2, 3, 4].map((quintile) => sorted[Math.ceil((quintile * sorted.length) / SCORES) - 1] ?? 0);
}

/**
 * Segments of single rows by the fitted cuts. Allocates nothing per row. A measure that is missing gets the lowest score.
 *
 * @returns index in `RFM_SEGMENTS` of the row that starts at `values[offset]`
 */
export function compileRfm(model: RfmModel): (values: Float64Array, offset: number) => number {
  const { recency, frequency, monetary } = model.columns;
  const [recencyCuts, frequencyCuts, monetaryCuts] = [model.recencyCuts, model.frequencyCuts, model.monetaryCuts].map((cuts) =>
    Float64Array.from(cuts),
  );
  invariant(recencyCuts?.length === 4 && frequencyCuts?.length === 4 && monetaryCuts?.length === 4, 'five scores have four cuts');
  const grid = Int32Array.from(GRID.flat(), (segment) => RFM_SEGMENTS.indexOf(segment));
  return (values, offset) => {
    const since = values[offset + recency] ?? Number.NaN;
    const r = Number.isNaN(since) ? 1 : SCORES - cutsBelow(recencyCuts, since);
    const f = 1 + cutsBelow(frequencyCuts, values[offset + frequency] ?? Number.NaN);
    const m = 1 + cutsBelow(monetaryCuts, values[offset + monetary] ?? Number.NaN);
    return grid[(r - 1) * SCORES + ((f + m + 1) >> 1) - 1] ?? 0;
  };
}

/** How many cuts a value exceeds; none when it is missing. */
function cutsBelow(cuts: Float64Array, value: number): number {
  let below = 0;
  for (let at = 0; at < cuts.length; at++) if (value > (cuts[at] ?? 0)) below++;
  return below;
}
