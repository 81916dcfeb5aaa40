import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCli } from '../cli.fixture';
import { registerBench } from './bench';

const ROOT = resolve(__dirname, '../../../..');
const bench = (args: readonly string[], signal?: AbortSignal) =>
  runCli([registerBench], ['bench', ...args], { root: ROOT, ...(signal === undefined ? {} : { signal }) });

interface BanditValue {
  readonly reference: string;
  readonly policies: readonly (Readonly<Record<string, number>> & { readonly policy: string })[];
  readonly ledgerFold: { readonly banners: number; readonly dimension: number; readonly entriesPerSecond: number };
}

describe('vitrine bench', () => {
  it('names its benchmarks, and refuses others', async () => {
    expect((await bench(['--help'])).out).toMatch(/bandit[^]*learn[^]*segments/);
    expect((await bench(['nonsense'])).code).toBe(2);
  });
});

describe('vitrine bench bandit', () => {
  it('gives costs, state and the ratio to the reference for every size, and the rate of the ledger fold', async () => {
    const { code, out } = await bench(['bandit', '--policy', 'lin-ucb', '--quick', '--no-services', '--json']);
    const { reference, policies, ledgerFold } = JSON.parse(out) as BanditValue;
    expect([code, reference]).toEqual([0, 'uniform']);
    expect(policies.map(({ policy, arms, dimension, stateBytesPerBanner }) => [policy, arms, dimension, stateBytesPerBanner])).toEqual([
      ['lin-ucb', 5, 8, 8 * 47],
      ['lin-ucb', 50, 8, 8 * 47],
      ['lin-ucb', 5, 32, 8 * 563],
      ['lin-ucb', 50, 32, 8 * 563],
    ]);
    for (const row of policies) {
      expect(row['timesReference']).toBeGreaterThan(1); // d^2 multiplications per banner against one division
      expect(row['microsecondsPerFold']).toBeGreaterThan(0);
      expect(row['stateBytes']).toBe((row['stateBytesPerBanner'] ?? 0) * (row['arms'] ?? 0));
    }
    expect(ledgerFold).toMatchObject({ banners: 50, dimension: 32, entriesPerSecond: expect.any(Number) });
    expect(ledgerFold.entriesPerSecond).toBeGreaterThan(0);
  });

  it('has one row per number of banners for a context-free policy, and a table for people', async () => {
    const { code, out } = await bench(['bandit', '--policy', 'uniform', '--quick', '--no-services']);
    expect(code).toBe(0);
    expect(out.match(/uniform/g)).toHaveLength(3); // two rows and the column of ratios
    expect(out).toMatch(/ledger fold in memory, 50 banners, 32 dimensions: [\d,]+ entries per second/);
  });

  it('refuses an unknown policy, and stops when told to', async () => {
    expect((await bench(['bandit', '--policy', 'nonsense', '--json'])).out).toContain('UNKNOWN_POLICY');
    expect((await bench(['bandit', '--policy', 'uniform', '--quick', '--no-services'], AbortSignal.abort())).talk).toMatch(
      /^SHUTTING_DOWN: stopped after 1 of 2/,
    );
  });
});

describe('vitrine bench learn', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-bench-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('refuses an unknown policy, a file that is not there and bad data before it asks for Python', async () => {
    expect((await bench(['learn', '--policies', 'lin-ucb,nonsense'])).talk).toMatch(/^UNKNOWN_POLICY: no policy is named nonsense/);
    expect((await bench(['learn', '--data', join(folder, 'none.csv'), '--policies', 'lin-ucb'])).talk).toMatch(/^NOT_FOUND/);
    writeFileSync(join(folder, 'bad.csv'), 'f0,label\nx,1\n');
    expect((await bench(['learn', '--data', join(folder, 'bad.csv'), '--policies', 'lin-ucb'])).talk).toMatch(
      /^FEATURE_VALUE_INVALID: line 2/,
    );
    expect((await bench(['learn', '--repeats', '0'])).code).toBe(2);
  });
});

describe('vitrine bench segments', () => {
  it('refuses sizes that make no sense before it asks for Python', async () => {
    for (const args of [
      ['--rows', '99'],
      ['--rows', '10000001'],
      ['--repeats', '0'],
      ['--restarts', '0'],
      ['--seed', '-1'],
    ]) {
      expect((await bench(['segments', ...args])).code).toBe(2);
    }
  });
});
