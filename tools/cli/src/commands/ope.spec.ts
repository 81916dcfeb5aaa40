import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { CliContext } from '../cli-context';
import { createProgram, runProgram } from '../program';
import { registerOpe } from './ope';

const REFERENCE = join(__dirname, '../../../../data/reference/ope');
const PUBLIC = join(REFERENCE, 'ope_public.json.gz');
const FOLDER = mkdtempSync(join(tmpdir(), 'vitrine-ope-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

async function run(args: readonly string[], signal = new AbortController().signal) {
  const [out, talk]: [string[], string[]] = [[], []];
  const context: CliContext = {
    env: {},
    root: '/nowhere',
    dataDir: '/nowhere/.data',
    signal,
    say: (line) => void talk.push(line),
    write: (text) => void out.push(text),
    fail: () => undefined,
  };
  const code = await runProgram(createProgram([registerOpe], context), ['ope', ...args], context);
  return { code, out: out.join(''), talk: talk.join('\n') };
}

/** Two rounds, two actions; the smallest case that can be evaluated. */
const CASE = {
  name: 'small',
  pi_e_kind: 'table',
  n_actions: 2,
  len_list: 1,
  action: [0, 1],
  position: [0, 0],
  reward: [1, 0],
  pscore: [0.5, 0.25],
  pi_e_logged: [0.75, 0.25],
  pi_e: [[0.75], [0.25]],
  q_hat: [
    [1, 0],
    [1, 0],
  ],
  parameters: { estimators: { ips_clip: [1] }, level: 0.05 },
};

function fileOf(text: string | Uint8Array, name = 'input.json'): string {
  const file = join(FOLDER, name);
  writeFileSync(file, text);
  return file;
}

const runCase = (changes: object) => run(['--json', '--input', fileOf(JSON.stringify({ cases: [{ ...CASE, ...changes }] }))]);

type Leaf = readonly [path: string, value: unknown];

function leavesOf(value: unknown, path = ''): readonly Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, part]) => leavesOf(part, `${path}/${key}`));
}

describe('vitrine ope', () => {
  it('prints every value of the reference to 1e-9, gzipped input or not, and nothing else', async () => {
    const expected: { readonly cases: unknown } = JSON.parse(readFileSync(join(REFERENCE, 'ope_public_expected.json'), 'utf8'));
    const plain = fileOf(gunzipSync(readFileSync(PUBLIC)), 'plain.json');
    for (const input of [PUBLIC, plain]) {
      const { code, out, talk } = await run(['--input', input, '--json']);
      expect([code, talk]).toEqual([0, '']);
      const found = new Map(leavesOf(JSON.parse(out)));
      const wanted = leavesOf({ cases: expected.cases });
      expect([...found.keys()].sort()).toEqual(wanted.map(([path]) => path).sort());
      const off = wanted.filter(([path, b]) => {
        const a = found.get(path);
        if (typeof a !== 'number' || typeof b !== 'number') return a !== b;
        return !(Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b)));
      });
      expect(off).toEqual([]);
    }
  });

  it('shows people a table per case', async () => {
    const { code, out } = await run(['--input', PUBLIC]);
    expect(code).toBe(0);
    expect(out).toMatch(/synthetic_deterministic_continuous: 300 rounds\nweights: mean 0\.945484 .*193 are zero \(64\.3 %\)/);
    expect(out).toMatch(/│ replay +│ +\S+ │/);
    expect(out).toMatch(/│ dros:slope +│ +1 │ +0\.872489 │/);
  });

  it('leaves out what needs a model when there is none, and tuning when none is asked for', async () => {
    const { code, out } = await runCase({ q_hat: undefined });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ cases: [{ tuning: {}, diagnostics: { n_zero_weight: 0 } }] });
    expect(Object.keys(JSON.parse(out).cases[0].estimates)).toEqual(['ips', 'snips', 'ips_clip@1.0']);
    expect(JSON.parse(out).cases[0].estimates.ips.value).toBe(0.75);
  });

  it('says when the two statements about the logged actions contradict each other, and uses both', async () => {
    const { code, talk } = await runCase({ pi_e_logged: [0.7, 0.25] });
    expect([code, talk]).toEqual([0, 'case "small": pi_e_logged contradicts pi_e in 1 rounds; each is used as given']);
  });

  it('stops when it is told to', async () => {
    const ending = new AbortController();
    ending.abort();
    expect(await run(['--input', PUBLIC], ending.signal)).toMatchObject({ code: 1, talk: expect.stringContaining('SHUTTING_DOWN') });
  });
});

describe('bad input of vitrine ope', () => {
  it.each([
    ['a propensity of 0', { pscore: [0.5, 0] }, 'PROPENSITY_INVALID', /^case "small", pscore\[1\]: /],
    ['a negative propensity', { pscore: [-0.5, 0.5] }, 'PROPENSITY_INVALID', /pscore\[0\]/],
    ['no overlap', { pi_e_logged: [0, 0] }, 'NO_OVERLAP', /^case "small", pi_e_logged: /],
    ['an action out of range', { action: [0, 2] }, 'LOGGED_ROUNDS_INVALID', /action\[1\]: .* 0 to 1/],
    ['an action beyond 32 bits', { action: [0, 4294967296] }, 'BAD_USER_INPUT', /^cases\[0\]\.action\[1\]: /],
    ['a short array', { reward: [1] }, 'LOGGED_ROUNDS_INVALID', /reward: holds 1 values instead of 2/],
    ['an n that is another', { n: 3 }, 'LOGGED_ROUNDS_INVALID', /2 values instead of n = 3/],
    ['a short row of the model', { q_hat: [[1, 0], [1]] }, 'LOGGED_ROUNDS_INVALID', /q_hat\[1\]: holds 1 values instead of 2/],
    ['too few rows of the policy', { pi_e: [[0.75]] }, 'LOGGED_ROUNDS_INVALID', /pi_e: holds 1 rows instead of 2/],
    ['a policy that does not sum to 1', { pi_e: [[0.75], [0.75]] }, 'LOGGED_ROUNDS_INVALID', /pi_e: .*position 0 must sum to 1/],
    ['text in a number array', { reward: [1, 'x'] }, 'BAD_USER_INPUT', /^cases\[0\]\.reward\[1\]: /],
    ['a missing array', { pscore: undefined }, 'BAD_USER_INPUT', /^cases\[0\]\.pscore: /],
    ['an unknown estimator', { parameters: { estimators: { ips_clap: [1] } } }, 'UNKNOWN_ESTIMATOR', /"ips_clap".*ips_clip/],
    ['a parameter out of range', { parameters: { estimators: { sg_ips: [1.5] } } }, 'ESTIMATOR_PARAMETER_INVALID', /sg_ips.*0 to 1/],
    [
      'a model estimator without a model',
      { q_hat: undefined, parameters: { estimators: { dros: [1] } } },
      'REWARD_MODEL_MISSING',
      /"small"/,
    ],
  ])('%s is refused with a code and the place', async (_what, changes, code, message) => {
    const result = await runCase(changes);
    expect(result.code).toBe(1);
    expect(JSON.parse(result.out)).toEqual({ error: { code, message: expect.stringMatching(message) } });
    expect(result.talk).toContain(`${code}: `);
  });

  it('names the place of a NaN, which Python writes and JSON does not know', async () => {
    const text = JSON.stringify({ cases: [{ ...CASE, name: 'NaN "quoted" -Infinity', reward: [1, '#'] }] }).replace('"#"', '-Infinity');
    const { code, talk } = await run(['--input', fileOf(text)]);
    expect([code, talk]).toEqual([1, expect.stringMatching(/^BAD_USER_INPUT: cases\[0\]\.reward\[1\]: .*number/)]);
  });

  it.each([
    ['no file', () => join(FOLDER, 'absent.json'), 'NOT_FOUND'],
    ['no JSON', () => fileOf('{"cases": [', 'broken.json'), 'BAD_USER_INPUT'],
    ['no cases', () => fileOf('{"cases": []}', 'empty.json'), 'BAD_USER_INPUT'],
    ['a name that promises gzip', () => fileOf('{}', 'plain.json.gz'), 'BAD_USER_INPUT'],
    ['gzip cut short', () => fileOf(gzipSync('{"cases": []}').subarray(0, 20), 'short.json.gz'), 'BAD_USER_INPUT'],
  ])('%s is refused', async (_what, file, code) => {
    const { code: exit, talk, out } = await run(['--input', file()]);
    expect([exit, out]).toEqual([1, '']);
    expect(talk.startsWith(`${code}: `)).toBe(true);
  });

  it('a call without --input is a wrong call', async () => {
    expect(await run([])).toMatchObject({ code: 2 });
  });
});
