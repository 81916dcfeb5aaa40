import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runCli } from '../cli.fixture';
import type { LearnOutcome } from '../learn/learn-run';
import { registerLearn } from './learn';

const ROOT = resolve(__dirname, '../../../..');
const FOLDER = mkdtempSync(join(tmpdir(), 'vitrine-learn-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

function fileOf(content: string | Uint8Array, name = 'data.csv'): string {
  const file = join(FOLDER, name);
  writeFileSync(file, content);
  return file;
}

const learn = (args: readonly string[], signal?: AbortSignal) =>
  runCli([registerLearn], ['learn', ...args], { root: ROOT, ...(signal === undefined ? {} : { signal }) });

async function outcomeOf(args: readonly string[]): Promise<LearnOutcome & Readonly<Record<string, unknown>>> {
  const { code, out, talk } = await learn([...args, '--json']);
  expect([code, talk]).toEqual([0, '']);
  return JSON.parse(out) as LearnOutcome & Readonly<Record<string, unknown>>;
}

async function faultOf(content: string, args: readonly string[] = ['--policy', 'uniform']): Promise<{ code: string; message: string }> {
  const { code, out } = await learn(['--data', fileOf(content), ...args, '--json']);
  expect(code).toBe(1);
  return (JSON.parse(out) as { readonly error: { code: string; message: string } }).error;
}

/** Two labels told apart by the sign of the feature. */
const SIGNS = `f0,label\n${Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? '-1,no' : '1,yes')).join('\n')}\n`;

interface Reference {
  readonly results: readonly {
    readonly dataset: string;
    readonly algorithm: string;
    readonly meanReward: number;
    readonly standardError: number;
  }[];
}
const reference = JSON.parse(readFileSync(join(ROOT, 'data/reference/policy-learning/policy_learning.json'), 'utf8')) as Reference;

describe('vitrine learn', () => {
  it('prints rounds, rewards, regret and microseconds, and what was run', async () => {
    const outcome = await outcomeOf(['--data', fileOf(SIGNS), '--policy', 'lin-ucb', '--epochs', '2', '--seed', '3', '--floor', '0.1']);
    expect(outcome).toMatchObject({ policy: 'lin-ucb', params: {}, floor: 0.1, seed: 3, epochs: 2, rounds: 400, arms: 2, dimension: 2 });
    expect(outcome.totalReward + outcome.regret).toBe(400);
    expect(outcome.meanReward).toBe(outcome.totalReward / 400);
    expect(outcome.microsecondsPerRound).toBeGreaterThan(0);
    expect(outcome.lastQuarterMeanReward).toBeGreaterThan(0.85); // a floor of 0.1 costs half of it
    expect(outcome.lastQuarterMeanReward).toBeLessThan(1);
  });

  it('earns half of the rewards by even choice between two labels', async () => {
    const { meanReward } = await outcomeOf(['--data', fileOf(SIGNS), '--policy', 'uniform', '--epochs', '25']);
    expect(Math.abs(meanReward - 0.5)).toBeLessThan(4 * 0.5 * Math.sqrt(1 / 5_000)); // false alarm: 6e-5
  });

  it('earns on the digits what the reference LinUCB earns there', async () => {
    const of = (name: string) => reference.results.find(({ dataset, algorithm }) => dataset === 'digits' && algorithm === name);
    const { meanReward, standardError } = of('ref_linucb_0.25') ?? { meanReward: Number.NaN, standardError: Number.NaN };
    const { meanReward: ours } = await outcomeOf([
      '--data',
      'digits',
      '--policy',
      'lin-ucb',
      '--params',
      '{"alpha":0.25}',
      '--epochs',
      '3',
    ]);
    const ofOneSeed = standardError * Math.sqrt(5);
    expect(Math.abs(ours - meanReward)).toBeLessThan(4 * ofOneSeed); // tells alpha 0.25 from alpha 1, which earns 0.037 less
  }, 120_000);

  it('gives the same for a seed, and something else for another', async () => {
    const args = ['--data', fileOf(SIGNS), '--policy', 'uniform'];
    const [first, again, other] = [await outcomeOf(args), await outcomeOf(args), await outcomeOf([...args, '--seed', '1'])];
    expect(again.totalReward).toBe(first.totalReward);
    expect([other.totalReward, other.lastQuarterMeanReward]).not.toEqual([first.totalReward, first.lastQuarterMeanReward]);
  });

  it('gives mean and standard error over several seeds', async () => {
    const args = ['--data', fileOf(SIGNS), '--policy', 'uniform', '--seeds', '0,4'];
    const { runs, meanReward, seeds } = (await outcomeOf(args)) as unknown as {
      readonly runs: readonly LearnOutcome[];
      readonly meanReward: { readonly mean: number; readonly standardError: number };
      readonly seeds: readonly number[];
    };
    const [a, b] = runs.map((run) => run.meanReward) as [number, number];
    expect([seeds, runs.map(({ seed }) => seed)]).toEqual([
      [0, 4],
      [0, 4],
    ]);
    expect(meanReward.mean).toBeCloseTo((a + b) / 2, 12);
    expect(meanReward.standardError).toBeCloseTo(Math.abs(a - b) / 2, 12);
  });

  it('reads gzipped files, quoted cells, numbers as labels in their order, and tells people in lines', async () => {
    const csv = `label,f0\n${Array.from({ length: 30 }, (_, i) => `"${[10, 9, '9.0'][i % 3]}",1e-3`).join('\r\n')}\n`;
    const { arms } = await outcomeOf(['--data', fileOf(gzipSync(csv), 'data.csv.gz'), '--policy', 'uniform']);
    expect(arms).toBe(2);
    const { code, out } = await learn(['--data', fileOf(SIGNS), '--policy', 'uniform', '--seeds', '1,2']);
    expect([code, out]).toEqual([0, expect.stringMatching(/seed 1: 200 rounds[^]*seed 2[^]*\+- .* \(standard error over 2 seeds\)/)]);
  });

  it('has no last quarter before the fourth round', async () => {
    expect((await outcomeOf(['--data', fileOf('f0,label\n1,a\n2,b\n'), '--policy', 'uniform'])).lastQuarterMeanReward).toBeNull();
  });

  it('stops when told to', async () => {
    const { code, talk } = await learn(['--data', fileOf(SIGNS), '--policy', 'uniform'], AbortSignal.abort());
    expect([code, talk]).toEqual([1, 'SHUTTING_DOWN: stopped after 0 of 200 rounds']);
  });
});

describe('vitrine learn, given bad data', () => {
  it.each([
    ['no label column', 'f0,f1\n1,2\n', 'IMPORT_MALFORMED_LINE', 'names no column label'],
    ['text in a number column', 'f0,f1,label\n1,2,a\n1,two,b\n', 'FEATURE_VALUE_INVALID', /line 3 of .*, column f1: not a finite decimal/],
    ['an empty number', 'f0,f1,label\n1,,a\n1,2,b\n', 'FEATURE_VALUE_INVALID', /line 2 of .*, column f1: empty/],
    ['NaN', 'f0,label\nNaN,a\n', 'FEATURE_VALUE_INVALID', /line 2 of .*, column f0/],
    ['Infinity', 'f0,label\n1,a\n\n-Infinity,b\n', 'FEATURE_VALUE_INVALID', /line 4 of .*, column f0/],
    ['a number too large for a double', 'f0,label\n1e400,a\n', 'FEATURE_VALUE_INVALID', /line 2 of .*, column f0/],
    ['a hexadecimal number', 'f0,label\n0x10,a\n', 'FEATURE_VALUE_INVALID', /line 2 of .*, column f0/],
    ['too few cells', 'f0,f1,label\n1,2,a\n1,b\n', 'IMPORT_MALFORMED_LINE', /line 3/],
    ['too many cells', 'f0,label\n1,a,b\n', 'IMPORT_MALFORMED_LINE', /line 2/],
    ['an empty label', 'f0,label\n1,a\n2, \n', 'IMPORT_MALFORMED_LINE', /line 3 of .*, column label: empty/],
    ['a column named twice', 'f0,f0,label\n1,2,a\n', 'IMPORT_MALFORMED_LINE', 'names the column f0 twice'],
    ['an unclosed quote', 'f0,label\n"1,a\n2,b\n', 'IMPORT_MALFORMED_LINE', /data\.csv/],
    ['nothing', '', 'IMPORT_MALFORMED_LINE', 'is empty'],
    ['a header alone', 'f0,label\n', 'TOO_FEW_ROWS', 'no rows'],
    ['one label only', 'f0,label\n1,a\n2,a\n', 'BAD_USER_INPUT', 'one label only'],
    [
      'a number to predict',
      `f0,label\n${Array.from({ length: 1_001 }, (_, i) => `1,${i / 7}`).join('\n')}`,
      'BAD_USER_INPUT',
      '1001 different labels',
    ],
  ])('refuses %s', async (_what, content, code, message) => {
    expect(await faultOf(content)).toEqual({ code, message: expect.stringMatching(message) });
  });

  it.each([
    ['an unknown policy', ['--policy', 'nonsense'], 'UNKNOWN_POLICY', 'nonsense'],
    ['an unknown parameter', ['--policy', 'lin-ucb', '--params', '{"beta":1}'], 'POLICY_PARAMETER_INVALID', /beta is no parameter/],
    ['a parameter out of range', ['--policy', 'lin-ucb', '--params', '{"alpha":-1}'], 'POLICY_PARAMETER_INVALID', /alpha must be/],
    ['parameters that are no JSON', ['--policy', 'lin-ucb', '--params', '{alpha}'], 'BAD_USER_INPUT', 'not JSON'],
    ['parameters that are no object', ['--policy', 'lin-ucb', '--params', '[1]'], 'BAD_USER_INPUT', 'JSON object'],
  ])('refuses %s', async (_what, args, code, message) => {
    expect(await faultOf(SIGNS, args)).toEqual({ code, message: expect.stringMatching(message) });
  });

  it('refuses a file that is not there, and one that is no gzip', async () => {
    const run = await learn(['--data', join(FOLDER, 'none.csv'), '--policy', 'uniform']);
    expect([run.code, run.talk]).toEqual([1, expect.stringContaining('NOT_FOUND')]);
    const broken = await learn(['--data', fileOf('f0,label\n1,a\n', 'broken.csv.gz'), '--policy', 'uniform']);
    expect([broken.code, broken.talk]).toEqual([1, expect.stringContaining('IMPORT_MALFORMED_LINE')]);
  });

  it.each([
    [['--seed', '-1']],
    [['--seed', '1.5']],
    [['--seeds', '1,x']],
    [['--seeds', '1,1']],
    [['--epochs', '0']],
    [['--floor', '1']],
    [['--floor', 'x']],
  ])('calls %j a wrong call', async (args) => {
    expect((await learn(['--data', fileOf(SIGNS), '--policy', 'uniform', ...args])).code).toBe(2);
  });
});
