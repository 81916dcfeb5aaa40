import { logGamma } from '../../../numeric/log-gamma';
import { LEARNERS, type Learner } from './learners';
import { naiveEnvelope } from './naive-envelope.fixture';

/** `auto` by its definition, from the trials themselves: no sums, no inverses, no determinants. Slow; shares only the list of learners. */
export interface NaiveTrial {
  readonly banner: string;
  readonly context: readonly number[];
  /** All that it earned. */
  readonly reward: number;
}

export interface NaiveQuestion {
  readonly learners: readonly string[];
  readonly quadratic: boolean;
  readonly trials: readonly NaiveTrial[];
  readonly eligible: readonly string[];
  readonly context: readonly number[];
}

export interface NaiveAnswer {
  readonly shares: readonly number[];
  readonly noise: number;
  readonly distribution: readonly number[];
}

/** Prior of the noise: inverse gamma with this shape and scale. */
const NOISE_SHAPE = 1;
const NOISE_SCALE = 0.25;
/** Prior of the learners, in natural logarithms. */
const SCEPTICISM = 4;
const LEAST_SHARE = 1e-3;
const LEAST_OPTIMISM = 1 / 3;

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/** Gaussian elimination with row exchanges. */
function eliminate(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    const size = (row: readonly number[] | undefined): number => Math.abs(row?.[k] ?? 0);
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (size(rows[i]) > size(rows[pivot])) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot] ?? [], rows[k] ?? []];
    for (let i = k + 1; i < n; i++) subtract(rows[i] ?? [], rows[k] ?? [], k);
  }
  return backSubstitute(rows);
}

function backSubstitute(rows: readonly (readonly number[])[]): number[] {
  const n = rows.length;
  const solution = rows.map(() => 0);
  for (let i = n - 1; i >= 0; i--) {
    const row = rows[i] ?? [];
    solution[i] = ((row[n] ?? 0) - dot(row.slice(i + 1, n), solution.slice(i + 1))) / (row[i] ?? 1);
  }
  return solution;
}

function subtract(row: number[], pivot: readonly number[], column: number): void {
  const factor = (row[column] ?? 0) / (pivot[column] ?? 1);
  for (let j = column; j < row.length; j++) row[j] = (row[j] ?? 0) - factor * (pivot[j] ?? 0);
}

/** One Bayesian regression: precision, and what the rewards pull. */
class System {
  private readonly precision: number[][];
  private readonly pull: number[];

  constructor(diagonal: readonly number[]) {
    this.precision = diagonal.map((value, i) => diagonal.map((_, j) => (i === j ? value : 0)));
    this.pull = diagonal.map(() => 0);
  }

  /** Mean of the prediction, and its variance in units of the noise. */
  predict(features: readonly number[]): { readonly mean: number; readonly variance: number } {
    const solved = eliminate(this.precision, features);
    return { mean: dot(solved, this.pull), variance: dot(solved, features) };
  }

  learn(features: readonly number[], reward: number): void {
    features.forEach((value, i) => {
      const row = this.precision[i] ?? [];
      features.forEach((other, j) => (row[j] = (row[j] ?? 0) + value * other));
      this.pull[i] = (this.pull[i] ?? 0) + reward * value;
    });
  }
}

function featuresOf(kind: Learner['features'], context: readonly number[]): number[] {
  if (kind === 'linear') return [...context];
  const [, ...rest] = context;
  return [...context, ...rest.flatMap((value, i) => rest.slice(i).map((other) => value * other))];
}

/** A learner as one regression per banner or, where banners share, as one over the stacked weights (common, banner 1, banner 2, ...). */
class NaiveLearner {
  private readonly systems = new Map<string, System>();
  private readonly tried: readonly string[];
  private shape = NOISE_SHAPE;
  private scale = NOISE_SCALE;
  score: number;

  constructor(
    private readonly learner: Learner,
    { trials, context }: NaiveQuestion,
  ) {
    this.tried = [...new Set(trials.map(({ banner }) => banner))];
    this.score = -SCEPTICISM * (Math.abs(Math.log(learner.ridge)) + (learner.commonRidge === null ? 0 : 1));
    if (learner.commonRidge !== null) {
      const { ridge, commonRidge } = learner;
      this.systems.set('', new System([commonRidge, ...this.tried.map(() => ridge)].flatMap((value) => context.map(() => value))));
    }
    for (const { banner, context: x, reward } of trials) this.live(banner, x, reward);
  }

  /** Expected square of what stays unforeseen. */
  get noise(): number {
    return this.scale / this.shape;
  }

  predict(banner: string, context: readonly number[]): { readonly mean: number; readonly variance: number } {
    const design = this.designOf(banner, context);
    return this.systemOf(banner, design.length).predict(design);
  }

  /** Scores the reward by its predictive density, a Student t, and learns from it. */
  private live(banner: string, context: readonly number[], reward: number): void {
    const { mean, variance } = this.predict(banner, context);
    const degrees = 2 * this.shape;
    const width = (this.scale / this.shape) * (1 + variance);
    const error = reward - mean;
    this.score += logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - 0.5 * Math.log(degrees * Math.PI * width);
    this.score -= ((degrees + 1) / 2) * Math.log1p(error ** 2 / (degrees * width));
    this.shape += 0.5;
    this.scale += error ** 2 / (2 * (1 + variance));
    const design = this.designOf(banner, context);
    this.systemOf(banner, design.length).learn(design, reward);
  }

  private designOf(banner: string, context: readonly number[]): number[] {
    if (this.learner.commonRidge === null) return featuresOf(this.learner.features, context);
    return [...context, ...this.tried.flatMap((other) => context.map((value) => (other === banner ? value : 0)))];
  }

  private systemOf(banner: string, length: number): System {
    const key = this.learner.commonRidge === null ? banner : '';
    const system = this.systems.get(key) ?? new System(Array.from({ length }, () => this.learner.ridge));
    this.systems.set(key, system);
    return system;
  }
}

function sharesOf(scores: readonly number[]): number[] {
  const best = Math.max(...scores);
  const odds = scores.map((score) => Math.exp(score - best));
  const total = odds.reduce((sum, value) => sum + value, 0);
  const kept = odds.map((value) => (value / total < LEAST_SHARE ? 0 : value / total));
  const rest = kept.reduce((sum, value) => sum + value, 0);
  return kept.map((value) => value / rest);
}

export function naiveAuto(question: NaiveQuestion): NaiveAnswer {
  const learners = LEARNERS.filter(
    ({ name, features }) => question.learners.includes(name) && (features === 'linear' || question.quadratic),
  );
  const lived = learners.map((learner) => new NaiveLearner(learner, question));
  const shares = sharesOf(lived.map(({ score }) => score));
  const noise = Math.sqrt(shares.reduce((sum, share, l) => sum + share * (lived[l]?.noise ?? 0), 0));
  const reference = (features: Learner['features']): NaiveLearner =>
    new NaiveLearner({ name: 'reference', features, ridge: 1, commonRidge: null }, question);
  const [linear, quadratic] = [reference('linear'), reference('quadratic')];
  const quadraticShare = shares.reduce((sum, share, l) => sum + (learners[l]?.features === 'quadratic' ? share : 0), 0);
  const bases = question.eligible.map((banner) =>
    shares.reduce((sum, share, l) => sum + (share === 0 ? 0 : share * (lived[l]?.predict(banner, question.context).mean ?? 0)), 0),
  );
  const slopes = question.eligible.map((banner) => {
    const variance = (of: NaiveLearner): number => of.predict(banner, question.context).variance;
    return noise * Math.sqrt((1 - quadraticShare) * variance(linear) + quadraticShare * variance(quadratic));
  });
  const high = Math.sqrt(Math.log(Math.max(question.eligible.length, 2)));
  return { shares, noise, distribution: naiveEnvelope({ bases, slopes, low: LEAST_OPTIMISM * high, high }) };
}
