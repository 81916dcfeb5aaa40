import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { judgeCentroids, measureClustering } from './cluster-rows';
import { parseClustering, parseInertias } from './clustering-measurement';
import { writeMixtureRows } from './mixture-rows';

const ROOT = resolve(__dirname, '../../..');
const SHAPE = { rows: 9_000, columns: 6, components: 5, seed: 3 };

describe('our side of the comparison', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-bench-'));
  const rowsFile = join(folder, 'rows.f64');
  const work = { rowsFile, columns: 6, k: 5, seed: 1, restarts: 2 };
  beforeAll(() => writeMixtureRows(rowsFile, SHAPE));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gets the same rows for the same seed, in columns of different units', async () => {
    const again = join(folder, 'again.f64');
    await writeMixtureRows(again, SHAPE);
    expect(readFileSync(again).equals(readFileSync(rowsFile))).toBe(true);
    await writeMixtureRows(again, { ...SHAPE, seed: 4 });
    expect(readFileSync(again).equals(readFileSync(rowsFile))).toBe(false);
    const bytes = readFileSync(rowsFile);
    const values = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    expect(values).toHaveLength(54_000);
    const sizeOf = (column: number): number => values.filter((_, at) => at % 6 === column).reduce((sum, value) => sum + Math.abs(value), 0);
    expect(sizeOf(3) / sizeOf(0)).toBeGreaterThan(300);
  });

  it('finds better centroids than any rows are, of rows with mean 0 and variance 1', () => {
    const { centroids, ...rest } = measureClustering(work);
    expect(rest).toMatchObject({ name: 'vitrine', threads: 1, seconds: expect.any(Number), peakMiB: expect.any(Number) });
    const [total = 0, found = 0] = judgeCentroids({ rowsFile, columns: 6, sets: [[[0, 0, 0, 0, 0, 0]], centroids] });
    expect(total).toBeCloseTo(9_000 * 6, 6);
    expect(found).toBeLessThan(0.7 * total);
  });

  it('runs as a program of its own', () => {
    execFileSync(process.execPath, [join(ROOT, 'tools/bootstrap/build.mjs'), 'cluster-rows'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const program = (...args: readonly string[]): string =>
      execFileSync(process.execPath, [join(ROOT, 'dist/tools/bench/cluster-rows.cjs'), ...args], { encoding: 'utf8' });
    const fitted = parseClustering(program('fit', rowsFile, '6', '5', '1', '2'));
    const { centroids } = measureClustering(work);
    expect(fitted).toMatchObject({ ok: true, value: { centroids } });
    writeFileSync(join(folder, 'sets.json'), JSON.stringify([centroids]));
    expect(parseInertias(program('judge', rowsFile, '6', join(folder, 'sets.json')))).toEqual({
      ok: true,
      value: judgeCentroids({ rowsFile, columns: 6, sets: [centroids] }),
    });
  });
});
