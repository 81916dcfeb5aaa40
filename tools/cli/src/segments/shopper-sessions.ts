import { join } from 'node:path';
import { DomainError, murmur3 } from '@vitrine/kernel';
import { readCsv } from '@vitrine/replay';
import type { LabelledTable, RawColumn, RawTable, ResponsePair } from '@vitrine/segment';

const FILE = 'data/shoppers/online-shoppers.csv.gz';

/** Columns of the file by the names that segments show, and what kind they are. */
const NUMERIC = {
  administrativePages: 'Administrative',
  administrativeSeconds: 'Administrative_Duration',
  informationalPages: 'Informational',
  informationalSeconds: 'Informational_Duration',
  productPages: 'ProductRelated',
  productSeconds: 'ProductRelated_Duration',
  bounceRate: 'BounceRates in %',
  exitRate: 'ExitRates in %',
  specialDay: 'SpecialDay (probability)',
} as const;
const CATEGORICAL = {
  operatingSystem: 'OperatingSystems',
  browser: 'Browser',
  region: 'Region',
  trafficType: 'TrafficType',
  visitorType: 'VisitorType',
  weekend: 'Weekend',
} as const;
/** Computed by the shop from purchases that were completed: it tells the label. */
export const LEAK = { pageValue: 'PageValues' } as const;
export const MONTH = 'Month';
export const TARGET = 'Revenue';

/** In the order of the year; the file has neither January nor April. */
const MONTHS = ['Feb', 'Mar', 'May', 'June', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
export const TEST_MONTHS = ['Nov', 'Dec'] as const;
/** Months that begin a judging time within the training months: what is chosen is judged forwards in time, several times, for seasons differ. */
const ORIGINS = ['May', 'June', 'Sep'] as const;
/** Of every hundred training sessions, those whose structure is chosen on. */
const TUNE_PERCENT = 25;
const SPLIT_SEED = 20_181;

export interface ShopperSplit {
  readonly file: string;
  /** The training months, for what was chosen. */
  readonly train: LabelledTable;
  readonly test: LabelledTable;
  /** Of the training months: what fits while something is chosen, and other people on whom it is chosen. */
  readonly fit: LabelledTable;
  readonly tune: LabelledTable;
  /** Of the training months: all that came before an origin, and what came from it to the next one. */
  readonly folds: readonly ResponsePair[];
}

type Row = Readonly<Record<string, string>>;

/** Names of the file's columns, for those who read it themselves. */
export const FILE_COLUMNS = { numeric: Object.values(NUMERIC), categorical: Object.values(CATEGORICAL) };

/**
 * The 12,330 sessions by time. Each session is of another person (so says their source), so that a split by month is one by visitor.
 *
 * @param withLeak adds the column that leaks the label
 * @throws DomainError NOT_FOUND, IMPORT_MALFORMED_LINE
 */
export async function readShopperSessions(root: string, withLeak = false): Promise<ShopperSplit> {
  const file = join(root, FILE);
  const rows = await readCsv(file);
  const numeric = withLeak ? { ...NUMERIC, ...LEAK } : NUMERIC;
  const of = (wanted: (month: string, at: number) => boolean): LabelledTable => {
    const chosen = rows.filter((row, at) => wanted(row[MONTH] ?? '', at));
    return { table: tableOf(chosen, rows, numeric), target: Float64Array.from(chosen, (row) => (row[TARGET] === 'TRUE' ? 1 : 0)) };
  };
  const place = new Map<string, number>(MONTHS.map((month, at) => [month, at]));
  const within = (month: string, from: string, until: string): boolean =>
    (place.get(month) ?? -1) >= (place.get(from) ?? 0) && (place.get(month) ?? -1) < (place.get(until) ?? 0);
  const [first, last] = [MONTHS[0], TEST_MONTHS[0]];
  const tunes = (at: number): boolean => murmur3(String(at), SPLIT_SEED) % 100 < TUNE_PERCENT;
  return {
    file,
    train: of((month) => within(month, first, last)),
    test: of((month) => TEST_MONTHS.some((test) => test === month)),
    fit: of((month, at) => within(month, first, last) && !tunes(at)),
    tune: of((month, at) => within(month, first, last) && tunes(at)),
    folds: ORIGINS.map((origin, at) => ({
      train: of((month) => within(month, first, origin)),
      judge: of((month) => within(month, origin, ORIGINS[at + 1] ?? last)),
    })),
  };
}

function tableOf(chosen: readonly Row[], all: readonly Row[], numeric: Readonly<Record<string, string>>): RawTable {
  const numbers = Object.entries(numeric).map(([name, from]): RawColumn => {
    return { name, kind: 'NUMERIC', values: Float64Array.from(chosen, (row) => numberOf(row, from)) };
  });
  const texts = Object.entries(CATEGORICAL).map(([name, from]): RawColumn => {
    const categories = [...new Set(all.map((row) => row[from] ?? ''))].toSorted();
    const codes = new Map(categories.map((category, code) => [category, code]));
    return { name, kind: 'CATEGORICAL', categories, codes: Int32Array.from(chosen, (row) => codes.get(row[from] ?? '') ?? -1) };
  });
  return { rows: chosen.length, columns: [...numbers, ...texts] };
}

function numberOf(row: Row, column: string): number {
  const value = Number(row[column]);
  if (row[column] !== undefined && Number.isFinite(value)) return value;
  throw new DomainError('IMPORT_MALFORMED_LINE', `${column} is no number`, { details: { column } });
}

/** What the calendar says of a session is no behaviour: its segments would be seasons, and empty in the next one. */
const NO_BEHAVIOUR: ReadonlySet<string> = new Set(['specialDay', ...Object.keys(LEAK)]);

/** Segments are of what people did; when, where from and with what they came is left to the response model. */
export function behaviourOf({ rows, columns }: RawTable): RawTable {
  return {
    rows,
    columns: columns.flatMap((column) => (column.kind === 'NUMERIC' && !NO_BEHAVIOUR.has(column.name) ? [logged(column)] : [])),
  };
}

/** Counts and seconds have heavy tails: log(1 + x), as profile features are. Rates and probabilities stay. */
function logged(column: Extract<RawColumn, { kind: 'NUMERIC' }>): RawColumn {
  const skewed = column.name.endsWith('Pages') || column.name.endsWith('Seconds');
  return skewed ? { ...column, values: column.values.map(Math.log1p) } : column;
}
