import { join } from 'node:path';
import type { ArmIdentity, IdentifyBanner } from '@vitrine/bandit';
import { bannerId, DomainError, type BannerId } from '@vitrine/kernel';
import { OneHotEncoder } from '@vitrine/replay';
import { columnOf, numberAt, readTable, textAt, type CsvTable, type TableRow } from '../csv-table';
import type { LoggedSource, SourceDecision } from './logged-source';

export type Campaign = 'all' | 'men';

const USER_FIELDS = ['user_feature_0', 'user_feature_1', 'user_feature_2', 'user_feature_3'] as const;
const ITEM_FIELDS = ['item_feature_1', 'item_feature_2', 'item_feature_3'] as const;
const CONTEXT_FIELDS = [...USER_FIELDS, 'position'] as const;
const MOST_PLACES = 64;

/**
 * The uniformly random log of the Open Bandit sample, in the order of time. A row is one position of a display of three items: position and the
 * visitor's hashed features are the context, one place per value; every item is eligible in every row. What items have in common (their hashed
 * features, the one with the fewest values first) are their groups. `item_feature_0` and the affinities between visitor and item are left out:
 * they describe a pair, and a context describes the visitor.
 *
 * @throws DomainError NOT_FOUND, IMPORT_MALFORMED_LINE, FEATURE_VALUE_INVALID, PROPENSITY_INVALID
 */
export async function openBanditSource(root: string, campaign: Campaign): Promise<LoggedSource> {
  const folder = join(root, 'data', 'open-bandit');
  const log = await readTable(join(folder, `${campaign}-random.csv.gz`));
  const items = await readItems(join(folder, `${campaign}-random-items.csv.gz`));
  const rows = log.rows.map((row) => fieldsOf(log, row, CONTEXT_FIELDS));
  const encoder = OneHotEncoder.of(rows, CONTEXT_FIELDS, MOST_PLACES);
  const decisions = log.rows.map((row, i) => decisionOf({ log, row, items, context: encoder.encode(rows[i] ?? {}) }));
  return {
    interactions: decisions.length,
    decisions,
    dimension: encoder.dimension,
    identify: items.identify,
    rivals: [],
    clusteredBy: 'display (rows of the same moment)',
    caveats: [
      `${decisions.reduce((sum, { reward }) => sum + reward, 0)} clicks in ${decisions.length} rows: these data check plumbing and cannot rank policies, for which about 400,000 matched rows would be needed. Read the intervals, not the values.`,
      'Rows are single positions of a display of three items; what an item does to its neighbours is not modelled.',
    ],
  };
}

const fieldsOf = (table: CsvTable, row: TableRow, fields: readonly string[]): Record<string, string> =>
  Object.fromEntries(fields.map((field) => [field, textAt(table, row, columnOf(table, field))]));

interface Items {
  readonly ids: readonly BannerId[];
  /** Index into `ids` by the name that the log uses. */
  readonly places: ReadonlyMap<string, number>;
  readonly identify: IdentifyBanner;
}

async function readItems(file: string): Promise<Items> {
  const table = await readTable(file);
  const features = table.rows.map((row) => fieldsOf(table, row, ITEM_FIELDS));
  const spread = (field: string): number => new Set(features.map((feature) => feature[field])).size;
  const widestFirst = ITEM_FIELDS.toSorted((a, b) => spread(a) - spread(b));
  const item = columnOf(table, 'item_id');
  const places = new Map<string, number>();
  const identities = new Map<BannerId, ArmIdentity>();
  for (const [i, row] of table.rows.entries()) {
    const name = textAt(table, row, item);
    const id = bannerId(`item-${name}`);
    places.set(name, i);
    identities.set(id, { id, groups: widestFirst.map((field) => `${field}:${features[i]?.[field] ?? ''}`) });
  }
  return { ids: [...identities.keys()], places, identify: (id) => identities.get(id) ?? { id, groups: [] } };
}

interface RowInput {
  readonly log: CsvTable;
  readonly row: TableRow;
  readonly items: Items;
  readonly context: Float64Array;
}

function decisionOf({ log, row, items, context }: RowInput): SourceDecision {
  const propensity = numberAt(log, row, columnOf(log, 'propensity_score'));
  if (!(propensity > 0 && propensity <= 1)) {
    throw new DomainError('PROPENSITY_INVALID', `line ${row.line} of ${log.file}, column propensity_score: not in (0, 1]`, {
      details: { line: row.line, column: 'propensity_score' },
    });
  }
  const time = textAt(log, row, columnOf(log, 'timestamp'));
  const shown = items.places.get(textAt(log, row, columnOf(log, 'item_id')));
  if (shown === undefined)
    throw new DomainError('IMPORT_MALFORMED_LINE', `line ${row.line} of ${log.file} shows an item that the items file lacks`);
  return {
    eligible: items.ids,
    shown,
    reward: numberAt(log, row, columnOf(log, 'click')),
    context,
    at: timeOf(time, log, row),
    propensity,
    cluster: time,
  };
}

function timeOf(text: string, { file }: CsvTable, { line }: TableRow): number {
  const at = Date.parse(text.replace(' ', 'T').replace(/(\.\d{3})\d+/, '$1'));
  if (Number.isNaN(at)) throw new DomainError('IMPORT_MALFORMED_LINE', `line ${line} of ${file}, column timestamp: not a time`);
  return at;
}
