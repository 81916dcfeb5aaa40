import { DomainError } from '@vitrine/kernel';
import { getTunableEstimator, PLAIN_ESTIMATORS } from './estimators/estimator-registry';
import { replay } from './estimators/replay';
import { floatRepr } from './float-repr';
import { empiricalBernsteinHalfWidth } from './intervals/empirical-bernstein';
import { hoeffdingHalfWidth } from './intervals/hoeffding';
import { maxOf, meanOf } from './intervals/moments';
import { roundSe } from './intervals/round-se';
import { studentTHalfWidth } from './intervals/student-t-interval';
import type { LoggedRounds } from './rounds/logged-rounds';
import { tuneByEstimatedMse } from './tuning/estimated-mse';
import { tuneBySlope } from './tuning/slope';
import type { Tuned, TuningOptions } from './tuning/tuning-options';
import { weightDiagnostics } from './weight-diagnostics';

/**
 * Which estimators to run on a case. Those without a parameter always run: `replay` for deterministic policies, model-based ones where
 * there is a model.
 */
export interface EvaluationParameters {
  /** Parameter values per tunable estimator, by its name. */
  readonly estimators: Readonly<Record<string, readonly number[]>>;
  /** Chance that a lower bound lies too high, in (0, 1). */
  readonly level: number;
  /** What to tune, and by which rules; absent: nothing. */
  readonly tuning?: TuningOptions & { readonly estimators: readonly string[]; readonly rules: readonly string[] };
}

/** The result, with the names of the reference format (`data/reference/ope`). */
export interface CaseEvaluation {
  readonly name: string;
  /** By `<estimator>` or `<estimator>@<parameter>`: value, round_se and the lower bounds, in units of the reward. */
  readonly estimates: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly diagnostics: Readonly<Record<'iw_mean' | 'iw_min' | 'iw_max' | 'ess' | 'n_zero_weight', number>>;
  /** By `<estimator>:<rule>`. */
  readonly tuning: Readonly<Record<string, { readonly value: number; readonly chosen_lambda: number }>>;
}

const RULES = new Map([
  ['slope', tuneBySlope],
  ['mse', tuneByEstimatedMse],
]);

interface Task<T> {
  readonly key: string;
  readonly run: () => T;
}

/**
 * Runs all estimators and tunings that `parameters` names on one logged case.
 *
 * @param onStep told before each estimate or tuning how many are done, of how many
 * @throws DomainError UNKNOWN_ESTIMATOR (estimator or rule), ESTIMATOR_PARAMETER_INVALID, REWARD_MODEL_MISSING (a named estimator needs
 * one), LOGGED_ROUNDS_INVALID when rewards or weights are so large that a result overflows
 */
export function evaluateCase(
  rounds: LoggedRounds,
  parameters: EvaluationParameters,
  onStep: (done: number, total: number) => void = () => undefined,
): CaseEvaluation {
  if (!(parameters.level > 0 && parameters.level < 1))
    throw new DomainError('ESTIMATOR_PARAMETER_INVALID', 'the level must lie inside (0, 1)');
  const estimates = estimateTasks(rounds, parameters);
  const tunings = tuningTasks(rounds, parameters);
  const total = estimates.length + tunings.length;
  let done = 0;
  const outcomesOf = <T>(tasks: readonly Task<T>[]): Readonly<Record<string, T>> =>
    Object.fromEntries(
      tasks.map(({ key, run }) => {
        onStep(done++, total);
        return [key, run()];
      }),
    );
  return { name: rounds.name, estimates: outcomesOf(estimates), diagnostics: diagnosticsOf(rounds), tuning: outcomesOf(tunings) };
}

function estimateTasks(
  rounds: LoggedRounds,
  { estimators, level }: EvaluationParameters,
): readonly Task<Readonly<Record<string, number>>>[] {
  const task = (key: string, terms: () => Float64Array) => ({ key, run: () => reportOf(rounds, { key, terms: terms(), level }) });
  const plain = PLAIN_ESTIMATORS.filter((estimator) =>
    estimator === replay ? rounds.deterministic : !estimator.usesModel || rounds.model !== null,
  );
  return [
    ...plain.map(({ name, roundTerms }) => task(name, () => roundTerms(rounds))),
    ...Object.entries(estimators).flatMap(([name, values]) => {
      const { roundTerms } = getTunableEstimator(name);
      return values.map((parameter) => task(`${name}@${floatRepr(parameter)}`, () => roundTerms(rounds, parameter)));
    }),
  ];
}

interface Estimated {
  readonly key: string;
  readonly terms: Float64Array;
  readonly level: number;
}

/** The reference takes the largest term for the range of the terms; `docs/evaluation.md` says what that is worth. */
function reportOf({ name }: LoggedRounds, { key, terms, level }: Estimated): Readonly<Record<string, number>> {
  const value = meanOf(terms);
  const largest = maxOf(terms);
  const suffix = floatRepr(level).replace('.', '_');
  const report = {
    value,
    round_se: roundSe(terms),
    [`student_t_lower_${suffix}`]: value - studentTHalfWidth(terms, level),
    [`bernstein_lower_${suffix}`]: value - empiricalBernsteinHalfWidth(terms, largest, level),
    [`hoeffding_lower_${suffix}`]: value - hoeffdingHalfWidth(terms, largest, level),
  };
  if (!Object.values(report).every(Number.isFinite))
    throw new DomainError('LOGGED_ROUNDS_INVALID', `case "${name}", ${key}: rewards or weights are so large that the estimate overflows`, {
      details: { case: name, estimator: key },
    });
  return report;
}

function tuningTasks(rounds: LoggedRounds, { tuning }: EvaluationParameters): readonly Task<CaseEvaluation['tuning'][string]>[] {
  if (tuning === undefined) return [];
  return tuning.estimators.flatMap((name) => {
    const estimator = getTunableEstimator(name);
    return tuning.rules.map((rule) => {
      const tune = ruleOf(rule);
      return { key: `${name}:${rule}`, run: () => tunedReport(tune(estimator, rounds, tuning)) };
    });
  });
}

function ruleOf(name: string): typeof tuneBySlope {
  const rule = RULES.get(name);
  if (rule !== undefined) return rule;
  throw new DomainError('UNKNOWN_ESTIMATOR', `no tuning rule is called "${name}": there are ${[...RULES.keys()].join(', ')}`);
}

const tunedReport = ({ parameter, value }: Tuned) => ({ value, chosen_lambda: parameter });

function diagnosticsOf(rounds: LoggedRounds): CaseEvaluation['diagnostics'] {
  const { mean, min, max, effectiveSampleSize, zeroCount } = weightDiagnostics(rounds);
  return { iw_mean: mean, iw_min: min, iw_max: max, ess: effectiveSampleSize, n_zero_weight: zeroCount };
}
