import type { EvaluationPolicy, LoggedRoundsInput, RoundField } from './logged-rounds';
import {
  checkEach,
  checkLength,
  FINITE,
  indexBelow,
  LARGEST_WEIGHT,
  PROBABILITY,
  PROPENSITY,
  refusal,
  sumsToOne,
  type Place,
} from './refusal';

/** Refuses a log that no estimator could read; what is refused and how: `loggedRounds`. */
export function validateRounds(input: LoggedRoundsInput): void {
  checkShapes(input);
  checkValues(input);
  checkEvaluationPolicy(input);
  checkWeights(input);
}

function placeOf({ name, fieldNames }: LoggedRoundsInput, field: RoundField): Place {
  return { case: name, field: fieldNames?.[field] ?? field };
}

function checkShapes(input: LoggedRoundsInput): void {
  const { name, actions, positions, action, evaluation, qHat } = input;
  const n = action.length;
  if (n < 2) throw refusal('LOGGED_ROUNDS_INVALID', placeOf(input, 'action'), 'an estimate with an error needs at least two rounds');
  for (const [field, size] of [['actions', actions] as const, ['positions', positions] as const]) {
    if (!Number.isInteger(size) || size < 1)
      throw refusal('LOGGED_ROUNDS_INVALID', { case: name, field }, 'must be a whole number, at least 1');
  }
  for (const field of ['position', 'reward', 'propensity', 'evaluationOfLogged'] as const)
    checkLength(input[field], n, placeOf(input, field));
  if (qHat !== undefined) checkLength(qHat, n * actions, placeOf(input, 'qHat'));
  if (evaluation === undefined) return;
  checkLength(evaluation.probabilities, actions * (evaluation.kind === 'table' ? positions : n), placeOf(input, 'evaluation'));
}

function checkValues(input: LoggedRoundsInput): void {
  const { actions, positions, action, position, reward, propensity, evaluationOfLogged, qHat } = input;
  checkEach(action, placeOf(input, 'action'), indexBelow(actions));
  checkEach(position, placeOf(input, 'position'), indexBelow(positions));
  checkEach(reward, placeOf(input, 'reward'), FINITE);
  checkEach(propensity, placeOf(input, 'propensity'), PROPENSITY);
  checkEach(evaluationOfLogged, placeOf(input, 'evaluationOfLogged'), PROBABILITY);
  if (qHat !== undefined) checkEach(qHat, placeOf(input, 'qHat'), { ...FINITE, width: actions });
}

function checkEvaluationPolicy(input: LoggedRoundsInput): void {
  const { evaluation, actions, positions } = input;
  if (evaluation === undefined) return;
  const place = placeOf(input, 'evaluation');
  const table = evaluation.kind === 'table';
  checkEach(evaluation.probabilities, place, { ...PROBABILITY, width: table ? positions : actions });
  const sums = table ? columnSums(evaluation, positions) : rowSums(evaluation, actions);
  const at = sums.findIndex((sum) => !sumsToOne(sum));
  if (at < 0) return;
  if (table) throw refusal('LOGGED_ROUNDS_INVALID', place, `the probabilities of position ${at} must sum to 1`);
  throw refusal('LOGGED_ROUNDS_INVALID', { ...place, row: at }, 'probabilities must sum to 1');
}

function columnSums({ probabilities }: EvaluationPolicy, width: number): Float64Array {
  const sums = new Float64Array(width);
  probabilities.forEach((probability, i) => (sums[i % width] = (sums[i % width] ?? 0) + probability));
  return sums;
}

function rowSums({ probabilities }: EvaluationPolicy, width: number): Float64Array {
  const sums = new Float64Array(probabilities.length / width);
  probabilities.forEach((probability, i) => {
    const row = Math.floor(i / width);
    sums[row] = (sums[row] ?? 0) + probability;
  });
  return sums;
}

function checkWeights(input: LoggedRoundsInput): void {
  const { propensity, evaluationOfLogged } = input;
  const huge = propensity.findIndex((p, i) => (evaluationOfLogged[i] ?? 0) / p > LARGEST_WEIGHT);
  if (huge >= 0)
    throw refusal('PROPENSITY_INVALID', { ...placeOf(input, 'propensity'), row: huge }, 'is so small that its weight overflows');
  if (evaluationOfLogged.every((probability) => probability === 0))
    throw refusal('NO_OVERLAP', placeOf(input, 'evaluationOfLogged'), 'the evaluated policy would have taken none of the logged actions');
}
