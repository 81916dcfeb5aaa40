import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { rngFromNumber, type Rng } from '@vitrine/kernel';
import { evaluateCase, type EvaluationParameters } from './evaluate-case';
import { naiveCase, type RawCase, type RawEvaluation } from './naive/naive-case';
import { loggedRounds, type LoggedRounds } from './rounds/logged-rounds';

const TOLERANCE = 1e-9;

/** Every number by its path, so that a difference is named. */
function numbersOf(value: unknown, path = ''): ReadonlyMap<string, number> {
  if (typeof value === 'number') return new Map([[path, value]]);
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(Object.entries(value).flatMap(([key, part]) => [...numbersOf(part, `${path}/${key}`)]));
}

function expectSameNumbers(found: unknown, expected: unknown): void {
  const [ours, theirs] = [numbersOf(found), numbersOf(expected)];
  expect([...ours.keys()].sort()).toEqual([...theirs.keys()].sort());
  const off = [...theirs].filter(([path, b]) => !(Math.abs((ours.get(path) ?? Number.NaN) - b) <= TOLERANCE * Math.max(1, Math.abs(b))));
  expect(off.map(([path, b]) => `${path}: ${ours.get(path)} instead of ${b}`)).toEqual([]);
}

function evaluated(raw: RawCase) {
  return evaluateCase(roundsOf(raw), raw.parameters);
}

const FOLDER = join(__dirname, '../../../../data/reference/ope');
const { cases: CASES }: { readonly cases: readonly RawCase[] } = JSON.parse(
  gunzipSync(readFileSync(join(FOLDER, 'ope_public.json.gz'))).toString(),
);
const { cases: EXPECTED }: { readonly cases: readonly RawEvaluation[] } = JSON.parse(
  readFileSync(join(FOLDER, 'ope_public_expected.json'), 'utf8'),
);

function roundsOf(raw: RawCase): LoggedRounds {
  return loggedRounds({
    name: raw.name,
    actions: raw.n_actions,
    positions: raw.len_list,
    action: Int32Array.from(raw.action),
    position: Int32Array.from(raw.position),
    reward: Float64Array.from(raw.reward),
    propensity: Float64Array.from(raw.pscore),
    evaluationOfLogged: Float64Array.from(raw.pi_e_logged),
    evaluation: { kind: raw.pi_e_kind === 'table' ? 'table' : 'perRound', probabilities: Float64Array.from(raw.pi_e.flat()) },
    qHat: Float64Array.from(raw.q_hat.flat()),
  });
}

/** Another input of the same shape: rewards shifted and flipped, propensities and policies changed, actions drawn anew. */
function perturbed(raw: RawCase, rng: Rng): RawCase {
  const mixed = raw.pi_e.map((row) => row.map((p) => p));
  const action = raw.action.map((a) => (rng() < 0.3 ? Math.floor(rng() * raw.n_actions) : a));
  if (raw.pi_e_kind === 'per_round') for (const row of mixed) if (rng() < 0.5) row.reverse();
  if (raw.pi_e_kind === 'table') mixed.reverse();
  return {
    ...raw,
    action,
    reward: raw.reward.map((r) => (rng() < 0.2 ? 2 * rng() - 0.5 : r)),
    pscore: raw.pscore.map((p) => Math.min(1, p * (0.5 + 2 * rng()))),
    pi_e: mixed,
    pi_e_logged: action.map((a, i) => (raw.pi_e_kind === 'table' ? mixed[a]?.[raw.position[i] ?? 0] : mixed[i]?.[a]) ?? Number.NaN),
  };
}

describe('the reference', () => {
  it('has four cases, of 28 or 29 estimates each', () => {
    expect(EXPECTED.map(({ estimates }) => Object.keys(estimates).length)).toEqual([28, 28, 28, 29]);
  });

  it.each(CASES.map((raw, i) => [raw.name, raw, EXPECTED[i]] as const))('is met in every number of %s', (_name, raw, expected) => {
    expectSameNumbers(evaluated(raw), expected);
  });

  it.each(CASES.map((raw, i) => [raw.name, raw, EXPECTED[i]] as const))(
    'is met by the plain second implementation in %s',
    (_name, raw, expected) => {
      expectSameNumbers(naiveCase(raw), expected);
    },
  );
});

describe('a perturbed reference', () => {
  it.each(CASES.flatMap((raw) => [11, 12, 13].map((seed) => [raw.name, seed, raw] as const)))(
    '%s, seed %d, agrees with the plain second implementation',
    (_name, seed, raw) => {
      const other = perturbed(raw, rngFromNumber(seed));
      const ours = evaluated(other);
      expectSameNumbers(ours, naiveCase(other));
      expect(ours.estimates['ips']?.['value']).not.toBeCloseTo(evaluated(raw).estimates['ips']?.['value'] ?? 0, 6);
    },
  );

  it.each(['dr_clip', 'sg_ips', 'sg_dr'])('tunes %s as the second implementation does, though the reference does not', (name) => {
    const sub = name.startsWith('sg');
    for (const raw of CASES) {
      const tuning = { ...raw.parameters.tuning, estimators: [name], ...(sub ? { candidates: [0.9, 0, 0.1, 0.4, 0.02] } : {}) };
      const other = { ...raw, parameters: { ...raw.parameters, tuning } };
      expectSameNumbers(evaluated(other), naiveCase(other));
    }
  });
});

describe('evaluateCase', () => {
  const [raw] = CASES.slice(-1);
  const rounds = raw === undefined ? null : roundsOf(raw);
  const run = (changes: Partial<EvaluationParameters>, log = rounds) =>
    log === null ? null : evaluateCase(log, { estimators: {}, level: 0.05, ...changes });

  it('writes the level into the names of the bounds, as Python writes it', () => {
    expect(Object.keys(run({ level: 0.00001 })?.estimates['ips'] ?? {})).toContain('hoeffding_lower_1e-05');
    expect(Object.keys(run({ level: 0.1 })?.estimates['ips'] ?? {})).toContain('student_t_lower_0_1');
  });

  it('tells before each of its steps how far it is', () => {
    const steps: string[] = [];
    const tuning = { candidates: [1, 2], delta: 0.1, estimators: ['dros'], rules: ['slope', 'mse'] };
    if (rounds !== null)
      evaluateCase(rounds, { estimators: { dros: [3] }, level: 0.05, tuning }, (done, total) => void steps.push(`${done}/${total}`));
    expect(steps).toEqual(['0/9', '1/9', '2/9', '3/9', '4/9', '5/9', '6/9', '7/9', '8/9']);
  });

  const tuning = { candidates: [1], delta: 0.1, estimators: ['dros'], rules: ['slope'] };
  it.each([
    [{ level: 0 }, 'ESTIMATOR_PARAMETER_INVALID'],
    [{ level: Number.NaN }, 'ESTIMATOR_PARAMETER_INVALID'],
    [{ estimators: { dros: [-1] } }, 'ESTIMATOR_PARAMETER_INVALID'],
    [{ estimators: { nothing: [1] } }, 'UNKNOWN_ESTIMATOR'],
    [{ tuning: { ...tuning, rules: ['guess'] } }, 'UNKNOWN_ESTIMATOR'],
    [{ tuning: { ...tuning, estimators: ['ips'] } }, 'UNKNOWN_ESTIMATOR'],
    [{ tuning: { ...tuning, candidates: [] } }, 'ESTIMATOR_PARAMETER_INVALID'],
    [{ tuning: { ...tuning, delta: 1 } }, 'ESTIMATOR_PARAMETER_INVALID'],
    [{ tuning: { ...tuning, candidates: [1, -1], rules: ['mse'] } }, 'ESTIMATOR_PARAMETER_INVALID'],
  ])('refuses %j with %s', (changes, code) => {
    expect(() => run(changes)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses rewards whose squares overflow, rather than to print what is no number', () => {
    const huge = rounds === null ? null : { ...rounds, reward: rounds.reward.map((_, i) => (i % 2 === 0 ? 1e200 : -1e200)) };
    expect(() => run({}, huge)).toThrow(
      expect.objectContaining({ code: 'LOGGED_ROUNDS_INVALID', details: expect.objectContaining({ estimator: 'ips' }) }),
    );
  });
});
