import { invariant } from '@vitrine/kernel';
import { compileRules, type Clusterer } from '../clustering/clusterer';
import { RFM_SEGMENTS, rfmSegments, type RfmColumns } from '../models/rfm-segments';
import { takeRows, type RowMatrix } from '../row-matrix';
import type { RawTable } from '../pipeline/raw-table';
import { RFM_FEATURES, type SegmentConfiguration } from '../search/configuration';

/** Where a table has what the rules read; null where it has not, or another algorithm is asked for. */
export function rfmColumnsOf(
  { columns }: Pick<RawTable, 'columns'>,
  { algorithm }: Pick<SegmentConfiguration, 'algorithm'>,
): RfmColumns | null {
  if (algorithm !== 'RFM') return null;
  const at = (wanted: string): number => columns.findIndex(({ name }) => name === wanted);
  const found = { recency: at(RFM_FEATURES.recency), frequency: at(RFM_FEATURES.frequency), monetary: at(RFM_FEATURES.monetary) };
  return Object.values(found).every((column) => column >= 0) ? found : null;
}

/**
 * Groups by the rules of recency, frequency and money, whose cuts are those of people who bought; who never bought is a group of its own.
 *
 * @param rows raw features
 * @throws DomainError TOO_FEW_ROWS when fewer than five people bought
 */
export function groupByRules(rows: RowMatrix, columns: RfmColumns | null): Clusterer {
  invariant(columns !== null, 'rules are asked for only where there is what they read');
  const bought = Int32Array.from({ length: rows.rows }, (_, row) => row).filter((row) => frequencyOf(rows, row, columns) > 0);
  const rules = rfmSegments(takeRows(rows, bought), columns);
  const ruleOf = compileRules(rules);
  const sums = Array.from({ length: RFM_SEGMENTS.length + 1 }, () => new Float64Array(rows.columns));
  const counts = new Float64Array(sums.length);
  for (let row = 0; row < rows.rows; row++) {
    const rule = ruleOf(rows.values, row * rows.columns);
    counts[rule] = (counts[rule] ?? 0) + 1;
    sums[rule]?.forEach((sum, c, into) => (into[c] = sum + (rows.values[row * rows.columns + c] ?? 0)));
  }
  const used = Array.from(counts.keys()).filter((rule) => (counts[rule] ?? 0) > 0);
  return {
    kind: 'RFM',
    rules,
    middles: used.map((rule) => Array.from(sums[rule] ?? [], (sum) => sum / (counts[rule] ?? 1))),
    groups: Array.from(counts.keys(), (rule) => used.indexOf(rule)),
  };
}

const frequencyOf = ({ columns, values }: RowMatrix, row: number, { frequency }: RfmColumns): number =>
  values[row * columns + frequency] ?? 0;

/** Names of the rules for people, `Cannot lose`, in the order of a clusterer's groups. */
export function ruleNames({ groups }: Extract<Clusterer, { kind: 'RFM' }>): readonly string[] {
  const names: string[] = [];
  groups.forEach((group, rule) => {
    const words = (RFM_SEGMENTS[rule] ?? 'NEVER_BOUGHT').toLowerCase().replaceAll('_', ' ');
    if (group >= 0) names[group] = words.charAt(0).toUpperCase() + words.slice(1);
  });
  return names;
}
