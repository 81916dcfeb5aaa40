import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { excessOverReference, NAMESAKES, type ReferenceRow } from './bernoulli-reference.fixture';

// One file per instance, so that they run side by side.
const FILE = join(__dirname, '../../../../data/reference/bernoulli/bernoulli.json');
const REFERENCE: readonly ReferenceRow[] = JSON.parse(readFileSync(FILE, 'utf8'));
const ROWS = REFERENCE.filter(({ instance }) => instance === 'k10_main');

describe('pseudo-regret of 100 runs of 100,000 rounds on k10_main', () => {
  it('is known of every algorithm', () => {
    expect(ROWS.map(({ algorithm }) => algorithm).sort()).toEqual(Object.keys(NAMESAKES).sort());
    expect(ROWS.every(({ runs, horizon }) => runs === 100 && horizon === 100_000)).toBe(true);
  });

  // Beyond 4 standard errors of the difference: probability 6e-5 per algorithm if both sides are right, 6e-4 for the file.
  it.each(ROWS.map((row) => [row.algorithm, row] as const))(
    'is that of the reference for %s, to 4 standard errors',
    (_algorithm, row) => {
      expect(Math.abs(excessOverReference(row))).toBeLessThan(4);
    },
    120_000,
  );
});
