import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LabelledData } from '@vitrine/bandit';
import { DomainError } from '@vitrine/kernel';
import { columnOf, isDecimal, numberAt, readTable, textAt, type CsvTable } from '../csv-table';

const LABEL = 'label';
/** More are no labels but numbers to be predicted. */
const MOST_LABELS = 1_000;
/** Data sets that ship with the repository, by name. */
const SHIPPED: readonly string[] = ['digits', 'mushroom'];

/** A file, or the short name of a shipped one (a file of that name comes first). */
export function labelledFile(root: string, data: string): string {
  const isShipped = SHIPPED.includes(data) && !existsSync(resolve(data));
  return isShipped ? join(root, 'data', 'labelled', `${data}.csv.gz`) : resolve(data);
}

/**
 * Reads a labelled CSV: the column `label` is the right answer, every other column is a number and a feature, in the order of the file,
 * behind a constant feature of 1 (as in the contexts that delivery encodes). Labels are any texts: numbers when all of them are (so `1` and `1.0` are one label, and 2 comes before 10),
 * otherwise compared as they stand. Arms are the labels in ascending order.
 *
 * @throws DomainError NOT_FOUND, IMPORT_MALFORMED_LINE, FEATURE_VALUE_INVALID (both name line and column), TOO_FEW_ROWS, and BAD_USER_INPUT where the
 *   labels leave nothing to choose or are more than 1,000
 */
export async function readLabelled(file: string): Promise<LabelledData> {
  const table = await readTable(file);
  const label = columnOf(table, LABEL);
  const features = table.header.map((_, column) => column).filter((column) => column !== label);
  const contexts = table.rows.map((row) => {
    const context = new Float64Array(features.length + 1);
    context[0] = 1;
    for (const [i, column] of features.entries()) context[i + 1] = numberAt(table, row, column);
    return context;
  });
  return { contexts, ...armsOf(table, label), dimension: features.length + 1 };
}

function armsOf(table: CsvTable, column: number): Pick<LabelledData, 'labels' | 'arms'> {
  const texts = table.rows.map((row) => textAt(table, row, column));
  const keys: readonly (string | number)[] = texts.every(isDecimal) ? texts.map(Number) : texts;
  const distinct = [...new Set(keys)].toSorted((a, b) => (a < b ? -1 : 1));
  if (distinct.length < 2) throw new DomainError('BAD_USER_INPUT', `${table.file} has one label only: there is nothing to choose`);
  if (distinct.length > MOST_LABELS) {
    throw new DomainError('BAD_USER_INPUT', `${table.file} has ${distinct.length} different labels; at most ${MOST_LABELS} can be arms`);
  }
  const arms = new Map(distinct.map((key, arm) => [key, arm]));
  return { labels: Int32Array.from(keys.map((key) => arms.get(key) ?? -1)), arms: distinct.length };
}
