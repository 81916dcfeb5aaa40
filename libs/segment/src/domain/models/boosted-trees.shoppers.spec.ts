import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { rocAuc } from '../metrics/roc-auc';
import { rowMatrix, takeRows, type RowMatrix } from '../row-matrix';
import { trainBoostedTrees } from './boosted-trees';
import { compileResponse } from './compile-response';

/** `PageValues` is computed from completed purchases, the month is the split: neither is an input. */
const NOT_INPUTS = ['PageValues', 'Month', 'Revenue'];
const CODES: Readonly<Record<string, number>> = { TRUE: 1, FALSE: 0, Returning_Visitor: 0, New_Visitor: 1, Other: 2 };
const EARLIEST = ['Feb', 'Mar', 'May'];
const EARLIER = ['June', 'Jul', 'Aug', 'Sep', 'Oct'];
const TEST = ['Nov', 'Dec'];

interface Sessions {
  readonly rows: RowMatrix;
  readonly bought: Float64Array;
}

function readSessions(): (months: readonly string[]) => Sessions {
  const file = gunzipSync(readFileSync(join(__dirname, '../../../../../data/shoppers/online-shoppers.csv.gz'))).toString('utf8');
  const [head = [], ...lines] = file
    .trim()
    .split('\n')
    .map((line) => line.trim().split(','));
  const inputs = head.flatMap((name, c) => (NOT_INPUTS.includes(name) ? [] : [c]));
  expect(inputs).toHaveLength(15);
  const all = rowMatrix(
    inputs.length,
    Float64Array.from(lines.flatMap((line) => inputs.map((c) => CODES[line[c] ?? ''] ?? Number(line[c])))),
  );
  return (months) => {
    const order = Int32Array.from(lines.flatMap((line, row) => (months.includes(line[head.indexOf('Month')] ?? '') ? [row] : [])));
    return { rows: takeRows(all, order), bought: Float64Array.from(order, (row) => (lines[row]?.at(-1) === 'TRUE' ? 1 : 0)) };
  };
}

interface Settings {
  readonly maxLeaves: number;
  readonly trees: number;
}

function aucOf(settings: Settings, train: Sessions, test: Sessions): number {
  const model = trainBoostedTrees(train.rows, train.bought, {
    ...settings,
    learningRate: 0.05,
    minRowsPerLeaf: 20,
    l2: 1,
    bins: 255,
    seed: 1,
  });
  const predict = compileResponse(model);
  const { rows, columns, values } = test.rows;
  return rocAuc(
    Float64Array.from({ length: rows }, (_, row) => predict(values, row * columns)),
    test.bought,
  );
}

describe('boosted trees on real shop sessions', () => {
  // scikit-learn's histogram gradient boosting reaches 0.678 to 0.694 on these columns and months with its defaults, 0.712 with few small trees.
  it('reaches an AUC of 0.70 on November and December with the settings that did best on the months before', () => {
    const sessions = readSessions();
    const [earliest, earlier, test] = [sessions(EARLIEST), sessions(EARLIER), sessions(TEST)];
    expect([earliest, earlier, test].map(({ rows }) => rows.rows)).toEqual([5455, 2150, 4725]);
    const tried = [4, 8, 16].flatMap((maxLeaves) => [60, 120].map((trees) => ({ maxLeaves, trees })));
    const started = performance.now();
    const aucs = tried.map((settings) => aucOf(settings, earliest, earlier));
    const chosen = tried[aucs.indexOf(Math.max(...aucs))] ?? { maxLeaves: 0, trees: 0 };
    const auc = aucOf(chosen, sessions([...EARLIEST, ...EARLIER]), test);
    expect(auc).toBeGreaterThanOrEqual(0.7);
    expect(auc).toBeLessThan(0.8); // more would mean that a purchase leaked in
    expect(performance.now() - started).toBeLessThan(15_000); // about 3 s on two quiet cores
  });
});
