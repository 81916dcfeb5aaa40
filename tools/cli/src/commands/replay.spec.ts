import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { rngFromNumber } from '@vitrine/kernel';
import { runCli } from '../cli.fixture';
import type { Interval } from '../replay-logged/cautious-interval';
import type { ReplayReport } from '../replay-logged/replay-report';
import { registerReplay } from './replay';

const ROOT = resolve(__dirname, '../../../..');
const FOLDER = mkdtempSync(join(tmpdir(), 'vitrine-replay-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

type Outcome = ReplayReport & { readonly seconds: number; readonly seed: number; readonly data: string };
const replay = (args: readonly string[], signal?: AbortSignal) =>
  runCli([registerReplay], ['replay', ...args], { root: ROOT, ...(signal === undefined ? {} : { signal }) });

async function outcomeOf(args: readonly string[]): Promise<Outcome> {
  const { code, out, talk } = await replay([...args, '--json']);
  expect([code, talk]).toEqual([0, '']);
  return JSON.parse(out) as Outcome;
}

function logOf(content: string): string {
  writeFileSync(join(FOLDER, 'rounds.csv'), content);
  return FOLDER;
}

async function faultOf(content: string, policy = 'uniform'): Promise<{ readonly code: string; readonly message: string }> {
  const { code, out } = await replay(['--data', logOf(content), '--policy', policy, '--json']);
  expect(code).toBe(1);
  return (JSON.parse(out) as { readonly error: { readonly code: string; readonly message: string } }).error;
}

const estimate = ({ estimates }: ReplayReport, name: string): Interval => {
  const found = estimates[name];
  expect(found).toBeDefined();
  return found ?? { value: Number.NaN, lower: 0, upper: 0, method: 'linearised' };
};

describe('vitrine replay on the coupons', () => {
  it('gives the published values of the log, of uniform choice and of the best fixed order', async () => {
    const report = await outcomeOf(['--data', 'coupons', '--policy', 'uniform']);
    expect([report.interactions, report.supported]).toEqual([12_684, 10_451]);
    expect(estimate(report, 'log').value).toBeCloseTo(0.564, 3);
    expect(estimate(report, 'uniform').value).toBeCloseTo(0.579, 3);
    expect(estimate(report, 'bestFixedOrder').value).toBeCloseTo(0.732, 3);
    // Read by its own probabilities, uniform choice is the row of that name; its draws scatter around it.
    expect(estimate(report, 'policyByPropensity').value).toBeCloseTo(estimate(report, 'uniform').value, 12);
    expect(report.policyByPropensityMinusUniform.value).toBeCloseTo(0, 12);
    expect(report.policyMinusUniform.lower).toBeLessThan(0);
    expect(report.policyMinusUniform.upper).toBeGreaterThan(0);
  });

  it('shows that a contextual policy beats uniform choice while it learns, and does better once it has learned', async () => {
    const report = await outcomeOf(['--data', 'coupons', '--policy', 'linear-thompson', '--seed', '1']);
    expect(report.policyMinusUniform.lower).toBeGreaterThan(0.05);
    expect(report.policyByPropensityMinusUniform.lower).toBeGreaterThan(0.05);
    expect(estimate(report, 'policySecondHalf').value).toBeGreaterThan(estimate(report, 'policy').value);
    expect(report.matched).toBeGreaterThan(3_000);
    expect(report.clusteredBy).toBe('person');
  });

  it('repeats with its seed', async () => {
    const of = async (seed: string) => {
      const { matched, estimates } = await outcomeOf(['--data', 'coupons', '--policy', 'beta-thompson', '--seed', seed]);
      return { matched, estimates };
    };
    expect(await of('2')).toEqual(await of('2'));
    expect(await of('3')).not.toEqual(await of('2'));
  });
});

describe('vitrine replay on the Open Bandit sample', () => {
  it.each([
    ['open-bandit-men', 34, 46],
    ['open-bandit-all', 80, 38],
  ])('of %s matches one row in %d, and says that %d clicks rank nothing', async (data, items, clicks) => {
    const report = await outcomeOf(['--data', data, '--policy', 'uniform']);
    const expected = 10_000 / items;
    expect(Math.abs(report.matched - expected)).toBeLessThan(4 * Math.sqrt(expected)); // false alarm: 6e-5
    expect(estimate(report, 'log').value).toBeCloseTo(clicks / 10_000, 12);
    expect(estimate(report, 'uniform').value).toBeCloseTo(clicks / 10_000, 12);
    expect(report.caveats.join(' ')).toMatch(new RegExp(`${clicks} clicks.*cannot rank policies`));
    expect(estimate(report, 'policy')).toMatchObject({ method: 'hoeffding' });
    expect(report.policyMinusUniform.lower).toBeLessThan(0);
    expect(report.policyMinusUniform.upper).toBeGreaterThan(0);
  });

  it('takes a contextual policy, and tells people in a table', async () => {
    const { code, out } = await replay(['--data', 'open-bandit-men', '--policy', 'linear-thompson']);
    expect([code, out]).toEqual([0, expect.stringMatching(/10000 supported[^]*policyByPropensity[^]*cannot rank policies/)]);
  });
});

/** A log that chose unevenly between two banners: b earns 0.6 and is rare. */
function unevenLog(rows: number): string {
  const rng = rngFromNumber(6);
  const lines = Array.from({ length: rows }, () => {
    const b = rng() < 0.2;
    return `${b ? 'b' : 'a'},${rng() < (b ? 0.6 : 0.3) ? 1 : 0},${b ? 0.2 : 0.8},${rng() < 0.5 ? 1 : -1}`;
  });
  return `action,reward,pscore,f0\n${lines.join('\n')}\n`;
}

describe("vitrine replay on a log of one's own", () => {
  it('weights by one over pscore: an uneven log tells what even choice would earn', async () => {
    const report = await outcomeOf(['--data', logOf(unevenLog(6_000)), '--policy', 'uniform']);
    const { lower, upper } = estimate(report, 'uniform');
    expect(lower).toBeLessThan(0.45);
    expect(upper).toBeGreaterThan(0.45);
    expect(estimate(report, 'log').value).toBeLessThan(0.4); // 0.8 * 0.3 + 0.2 * 0.6 = 0.36
  });

  it('gives a fixed banner its own mean reward, and a floor what it costs', async () => {
    const log = logOf(unevenLog(6_000));
    const params = ['--policy', 'fixed-order', '--params', '{"order":["b"]}'];
    expect(Math.abs(estimate(await outcomeOf(['--data', log, ...params]), 'policy').value - 0.6)).toBeLessThan(0.06);
    const floored = estimate(await outcomeOf(['--data', log, ...params, '--floor', '0.5']), 'policyByPropensity');
    expect(Math.abs(floored.value - (0.75 * 0.6 + 0.25 * 0.3))).toBeLessThan(0.05);
  });

  it('keeps to the eligible banners of a row, clusters, and its own time', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `${i % 2 === 0 ? 'a' : 'c'},${i % 4 === 0 ? 1 : 0},0.5,${i % 2 === 0 ? 'a|b' : 'b| c'},p${i % 8},${i * 60_000}`,
    );
    const log = logOf(`action,reward,pscore,eligible,cluster,at\n${rows.join('\n')}\n`);
    const report = await outcomeOf(['--data', log, '--policy', 'fixed-order', '--params', '{"order":["a","c","b"]}']);
    expect([report.matched, report.clusteredBy]).toEqual([40, 'cluster']);
  });

  it.each([
    ['no pscore', 'action,reward\na,1\n', 'IMPORT_MALFORMED_LINE', 'names no column pscore'],
    ['a pscore of 0', 'action,reward,pscore\na,1,0.5\nb,1,0\n', 'PROPENSITY_INVALID', /line 3 of .*, column pscore/],
    ['a pscore above 1', 'action,reward,pscore\na,1,1.5\n', 'PROPENSITY_INVALID', /line 2 of .*, column pscore/],
    ['a reward that is text', 'action,reward,pscore\na,yes,0.5\n', 'FEATURE_VALUE_INVALID', /line 2 of .*, column reward/],
    ['a feature that is missing', 'action,reward,pscore,f0\na,1,0.5,\n', 'FEATURE_VALUE_INVALID', /line 2 of .*, column f0: empty/],
    ['an action that is no id', 'action,reward,pscore\n"a b",1,0.5\n', 'IMPORT_MALFORMED_LINE', /"a b" is no banner id/],
    [
      'an action that was not eligible',
      'action,reward,pscore,eligible\na,1,0.5,b|c\n',
      'IMPORT_MALFORMED_LINE',
      /line 2 of .*, column eligible/,
    ],
    ['an eligible banner twice', 'action,reward,pscore,eligible\na,1,0.5,a|a\n', 'IMPORT_MALFORMED_LINE', /named twice/],
    ['a single row', 'action,reward,pscore\na,1,0.5\n', 'TOO_FEW_ROWS', /too rarely/],
    ['no rows', 'action,reward,pscore\n', 'TOO_FEW_ROWS', 'no rows'],
  ])('refuses %s', async (_what, content, code, message) => {
    expect(await faultOf(content)).toEqual({ code, message: expect.stringMatching(message) });
  });

  it('refuses rewards outside [0, 1] for a policy that is made for those, naming the decision', async () => {
    const log = 'action,reward,pscore\na,1,0.5\nb,7,0.5\na,1,0.5\n';
    expect(await faultOf(log, 'kl-ucb')).toEqual({ code: 'REWARD_OUT_OF_RANGE', message: expect.stringContaining('decision 2') });
    expect((await replay(['--data', logOf(log), '--policy', 'uniform'])).code).toBe(0);
  });

  it('refuses data that are nowhere and an unknown policy, and stops when told to', async () => {
    expect((await replay(['--data', 'nowhere', '--policy', 'uniform'])).talk).toMatch(/^NOT_FOUND: nowhere is neither/);
    expect((await replay(['--data', 'coupons', '--policy', 'nonsense'])).talk).toMatch(/^UNKNOWN_POLICY/);
    const stopped = await replay(['--data', 'coupons', '--policy', 'uniform'], AbortSignal.abort());
    expect([stopped.code, stopped.talk]).toEqual([1, expect.stringMatching(/^SHUTTING_DOWN/)]);
  });
});
