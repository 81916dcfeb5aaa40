/**
 * The formulas of `data/reference/ope/README.md` once more, as plainly as they stand there and without a line of the product: what the
 * specs compare it with. Used by specs only.
 */

export interface RawCase {
  readonly name: string;
  readonly pi_e_kind: 'table' | 'per_round';
  readonly n_actions: number;
  readonly len_list: number;
  readonly action: readonly number[];
  readonly position: readonly number[];
  readonly reward: readonly number[];
  readonly pscore: readonly number[];
  readonly pi_e_logged: readonly number[];
  readonly q_hat: readonly (readonly number[])[];
  readonly pi_e: readonly (readonly number[])[];
  readonly parameters: {
    readonly estimators: Readonly<Record<string, readonly number[]>>;
    readonly level: number;
    readonly tuning: {
      readonly candidates: readonly number[];
      readonly delta: number;
      readonly estimators: readonly string[];
      readonly rules: readonly string[];
    };
  };
}

export interface RawEvaluation {
  readonly name: string;
  readonly estimates: Record<string, Record<string, number>>;
  readonly diagnostics: Record<string, number>;
  readonly tuning: Record<string, { value: number; chosen_lambda: number }>;
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const average = (values: readonly number[]): number => total(values) / values.length;
const largest = (values: readonly number[]): number => values.reduce((most, value) => (value > most ? value : most));
const variance = (values: readonly number[]): number => {
  const mean = average(values);
  return average(values.map((value) => (value - mean) ** 2));
};
const at = (values: readonly number[] | undefined, i: number): number => values?.[i] ?? Number.NaN;

const CHANGED: Readonly<Record<string, (w: number, p: number) => number>> = {
  ips_clip: (w, t) => (w < t ? w : t),
  dr_clip: (w, t) => (w < t ? w : t),
  switch_dr: (w, t) => (w <= t ? w : 0),
  dros: (w, l) => (l * w) / (w * w + l),
  sg_ips: (w, l) => w / (1 - l + l * w),
  sg_dr: (w, l) => w / (1 - l + l * w),
};
const changedWeight = (estimator: string, w: number, p: number): number => CHANGED[estimator]?.(w, p) ?? Number.NaN;
const WITHOUT_MODEL = ['ips_clip', 'sg_ips'];

interface Columns {
  readonly w: readonly number[];
  readonly r: readonly number[];
  readonly qa: readonly number[];
  readonly v: readonly number[];
}

function columnsOf(raw: RawCase): Columns {
  const policy = raw.action.map((_, i) =>
    raw.pi_e_kind === 'table' ? raw.pi_e.map((row) => at(row, at(raw.position, i))) : (raw.pi_e[i] ?? []),
  );
  return {
    w: raw.pscore.map((p, i) => at(raw.pi_e_logged, i) / p),
    r: raw.reward,
    qa: raw.action.map((a, i) => at(raw.q_hat[i], a)),
    v: policy.map((row, i) => total(row.map((p, k) => p * at(raw.q_hat[i], k))) / total(row)),
  };
}

function plainTerms(raw: RawCase, { w, r, qa, v }: Columns): Record<string, number[]> {
  const wbar = average(w);
  const zip = (term: (w: number, r: number, qa: number, v: number) => number): number[] =>
    w.map((weight, i) => term(weight, at(r, i), at(qa, i), at(v, i)));
  const terms: Record<string, number[]> = {
    ips: zip((wi, ri) => wi * ri),
    snips: zip((wi, ri) => (wi * ri) / wbar),
    dm: zip((_w, _r, _q, vi) => vi),
    dr: zip((wi, ri, qi, vi) => vi + wi * (ri - qi)),
    sndr: zip((wi, ri, qi, vi) => vi + (wi * (ri - qi)) / wbar),
  };
  if (raw.pi_e.every((row) => row.every((p) => p === 0 || p === 1))) {
    const match = raw.pi_e_logged.map((p) => (p === 1 ? 1 : 0));
    terms['replay'] = match.map((m, i) => (m * at(r, i)) / average(match));
  }
  return terms;
}

function changedTerms({ w, r, qa, v }: Columns, estimator: string, parameter: number): number[] {
  return w.map((weight, i) => {
    const used = changedWeight(estimator, weight, parameter);
    if (WITHOUT_MODEL.includes(estimator)) return used * at(r, i);
    return at(v, i) + used * (at(r, i) - at(qa, i));
  });
}

function summary(R: readonly number[], d: number): Record<string, number> {
  const n = R.length;
  const mean = average(R);
  const s2 = variance(R);
  const key = String(d).replace('.', '_');
  return {
    value: mean,
    round_se: Math.sqrt((n * s2) / (n - 1) / n),
    [`student_t_lower_${key}`]: mean - halfWidth(R, d),
    [`bernstein_lower_${key}`]: mean - (7 * largest(R) * Math.log(2 / d)) / (3 * (n - 1)) - Math.sqrt((2 * Math.log(2 / d) * s2) / (n - 1)),
    [`hoeffding_lower_${key}`]: mean - largest(R) * Math.sqrt(Math.log(1 / d) / (2 * n)),
  };
}

function halfWidth(R: readonly number[], d: number): number {
  return Math.sqrt(variance(R) / (R.length - 1)) * studentT(1 - d, R.length - 1);
}

const QUANTILES = new Map<string, number>();

/** Bisection over Simpson's rule; slow. The density's constant comes from its recurrence in steps of two degrees of freedom. */
function studentT(probability: number, nu: number): number {
  const key = `${probability}/${nu}`;
  const known = QUANTILES.get(key);
  if (known !== undefined) return known;
  let gammas = nu % 2 === 1 ? 1 / Math.sqrt(Math.PI) : Math.sqrt(Math.PI) / 2; // gamma((k + 1) / 2) / gamma(k / 2) at k = 1 or 2
  for (let k = nu % 2 === 1 ? 1 : 2; k < nu; k += 2) gammas *= (k + 1) / k;
  const density = (t: number): number => (gammas / Math.sqrt(nu * Math.PI)) * (1 + (t * t) / nu) ** (-(nu + 1) / 2);
  const mass = (t: number): number => {
    const steps = 2_000;
    let sum = density(0) + density(t);
    for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * density((t * i) / steps);
    return (sum * t) / steps / 3;
  };
  let [low, high] = [0, 50];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (mass(middle) < probability - 0.5) low = middle;
    else high = middle;
  }
  QUANTILES.set(key, low);
  return low;
}

function slope(columns: Columns, estimator: string, { candidates, delta }: RawCase['parameters']['tuning']): number {
  // Ascending first and a stable sort after it: of equally wide ones the smallest goes first.
  const order = candidates
    .toSorted((a, b) => a - b)
    .map((parameter) => {
      const R = changedTerms(columns, estimator, parameter);
      return { parameter, theta: average(R), c: halfWidth(R, delta) };
    })
    .toSorted((a, b) => b.c - a.c);
  let last = Number.NaN;
  for (const [i, next] of order.entries()) {
    for (const earlier of order.slice(0, i)) {
      if (Math.abs(next.theta - earlier.theta) > next.c + (Math.sqrt(6) - 1) * earlier.c) return last;
    }
    last = next.parameter;
  }
  return last;
}

function lowestMse(columns: Columns, estimator: string, { candidates, delta }: RawCase['parameters']['tuning']): number {
  const { w, r, qa } = columns;
  const n = w.length;
  const noise = Math.sqrt((2 * average(w.map((x) => x * x)) * Math.log(2 / delta)) / n) + (2 * largest(w) * Math.log(2 / delta)) / (3 * n);
  let [best, lowest] = [Number.NaN, Infinity];
  for (const parameter of candidates.toSorted((a, b) => a - b)) {
    const gap = w.map((x, i) => {
      const model = WITHOUT_MODEL.includes(estimator) ? 0 : at(qa, i);
      return (x - changedWeight(estimator, x, parameter)) * (at(r, i) - model);
    });
    const mse = variance(changedTerms(columns, estimator, parameter)) / n + (Math.abs(average(gap)) + noise) ** 2;
    if (mse <= lowest) [best, lowest] = [parameter, mse];
  }
  return best;
}

export function naiveCase(raw: RawCase): RawEvaluation {
  const columns = columnsOf(raw);
  const { estimators, level, tuning } = raw.parameters;
  const result: RawEvaluation = {
    name: raw.name,
    estimates: {},
    diagnostics: {
      iw_mean: average(columns.w),
      iw_min: -largest(columns.w.map((w) => -w)),
      iw_max: largest(columns.w),
      ess: total(columns.w) ** 2 / total(columns.w.map((w) => w * w)),
      n_zero_weight: columns.w.filter((w) => w === 0).length,
    },
    tuning: {},
  };
  for (const [name, terms] of Object.entries(plainTerms(raw, columns))) result.estimates[name] = summary(terms, level);
  for (const [name, values] of Object.entries(estimators)) {
    for (const p of values) {
      const key = `${name}@${Number.isInteger(p) ? `${p}.0` : p}`;
      result.estimates[key] = summary(changedTerms(columns, name, p), level);
    }
  }
  for (const name of tuning.estimators) {
    for (const rule of tuning.rules) {
      const chosen = (rule === 'slope' ? slope : lowestMse)(columns, name, tuning);
      result.tuning[`${name}:${rule}`] = { value: average(changedTerms(columns, name, chosen)), chosen_lambda: chosen };
    }
  }
  return result;
}
