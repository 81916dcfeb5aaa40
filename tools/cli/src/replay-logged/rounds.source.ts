import { join } from 'node:path';
import { withoutGroups } from '@vitrine/bandit';
import { bannerId, DomainError, type BannerId, type ErrorCode } from '@vitrine/kernel';
import { columnOf, numberAt, readTable, textAt, type CsvTable, type TableRow } from '../csv-table';
import type { LoggedSource, SourceDecision } from './logged-source';

const FEATURE = /^f\d+$/;
const MS_PER_ROW = 1_000;
const SEPARATOR = '|';

/** Where the columns of a table of rounds are; -1 for an optional one that is not there. */
interface Columns {
  readonly features: readonly number[];
  readonly action: number;
  readonly reward: number;
  readonly pscore: number;
  readonly eligible: number;
  readonly cluster: number;
  readonly at: number;
}

/**
 * A log of one's own: `rounds.csv` (or `rounds.csv.gz`) in a directory, one decision per line in the order in which they were made. The format is
 * described in docs/guides/replay.md.
 *
 * @throws DomainError NOT_FOUND, IMPORT_MALFORMED_LINE, FEATURE_VALUE_INVALID and PROPENSITY_INVALID naming line and column, TOO_FEW_ROWS
 */
export async function roundsSource(directory: string): Promise<LoggedSource> {
  const table = await readEither(directory);
  const columns = columnsOf(table);
  const everyone = [...new Set(table.rows.map((row) => textAt(table, row, columns.action)))].toSorted();
  const ids = new Map(everyone.map((action) => [action, idOf(action, table)]));
  const decisions = table.rows.map((row, round) => decisionOf({ table, columns, row, round, ids }));
  return {
    interactions: decisions.length,
    decisions,
    dimension: columns.features.length + 1,
    identify: withoutGroups,
    rivals: [],
    clusteredBy: columns.cluster < 0 ? 'row' : 'cluster',
    caveats: [
      'Values hold for the people and situations of this log, as far as pscore is what the log really chose with.',
      ...(columns.eligible < 0
        ? ['There is no column eligible: every action of the file is taken to have been possible in every row.']
        : []),
    ],
  };
}

async function readEither(directory: string): Promise<CsvTable> {
  try {
    return await readTable(join(directory, 'rounds.csv'));
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'NOT_FOUND') throw error;
    return readTable(join(directory, 'rounds.csv.gz'));
  }
}

function columnsOf(table: CsvTable): Columns {
  const { header } = table;
  return {
    features: header.map((_, column) => column).filter((column) => FEATURE.test(header[column] ?? '')),
    action: columnOf(table, 'action'),
    reward: columnOf(table, 'reward'),
    pscore: columnOf(table, 'pscore'),
    eligible: header.indexOf('eligible'),
    cluster: header.indexOf('cluster'),
    at: header.indexOf('at'),
  };
}

function idOf(action: string, { file }: CsvTable): BannerId {
  try {
    return bannerId(action);
  } catch (cause) {
    throw new DomainError('IMPORT_MALFORMED_LINE', `${file}, column action: ${JSON.stringify(action)} is no banner id`, { cause });
  }
}

interface RoundInput {
  readonly table: CsvTable;
  readonly columns: Columns;
  readonly row: TableRow;
  readonly round: number;
  readonly ids: ReadonlyMap<string, BannerId>;
}

function decisionOf({ table, columns, row, round, ids }: RoundInput): SourceDecision {
  const propensity = numberAt(table, row, columns.pscore);
  if (!(propensity > 0 && propensity <= 1)) throw faultAt('PROPENSITY_INVALID', { table, row, column: 'pscore' }, 'not in (0, 1]');
  const action = textAt(table, row, columns.action);
  const names = columns.eligible < 0 ? [...ids.keys()] : eligibleIn(table, columns, row);
  const shown = names.indexOf(action);
  if (shown < 0) throw faultAt('IMPORT_MALFORMED_LINE', { table, row, column: 'eligible' }, 'the action of the row is not in it');
  return {
    eligible: names.map((name) => ids.get(name) ?? idOf(name, table)),
    shown,
    reward: numberAt(table, row, columns.reward),
    context: Float64Array.from([1, ...columns.features.map((column) => numberAt(table, row, column))]),
    at: columns.at < 0 ? round * MS_PER_ROW : numberAt(table, row, columns.at),
    propensity,
    cluster: columns.cluster < 0 ? String(round) : textAt(table, row, columns.cluster),
  };
}

function eligibleIn(table: CsvTable, { eligible }: Columns, row: TableRow): readonly string[] {
  const names = textAt(table, row, eligible)
    .split(SEPARATOR)
    .map((name) => name.trim());
  if (names.includes('') || new Set(names).size !== names.length) {
    throw faultAt('IMPORT_MALFORMED_LINE', { table, row, column: 'eligible' }, 'an empty name, or one named twice');
  }
  return names;
}

function faultAt(
  code: ErrorCode,
  { table, row, column }: { readonly table: CsvTable; readonly row: TableRow; readonly column: string },
  what: string,
): DomainError {
  return new DomainError(code, `line ${row.line} of ${table.file}, column ${column}: ${what}`, { details: { line: row.line, column } });
}
