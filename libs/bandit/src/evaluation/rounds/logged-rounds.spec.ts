import { DomainError } from '@vitrine/kernel';
import { loggedRounds, type EvaluationPolicy, type LoggedRoundsInput } from './logged-rounds';

/** Three rounds, two actions, two positions. */
function anInput(changes: Partial<LoggedRoundsInput> = {}): LoggedRoundsInput {
  return {
    name: 'few',
    actions: 2,
    positions: 2,
    action: Int32Array.of(0, 1, 1),
    position: Int32Array.of(0, 1, 0),
    reward: Float64Array.of(1, 0, 2),
    propensity: Float64Array.of(0.5, 0.25, 1),
    evaluationOfLogged: Float64Array.of(0.75, 0.5, 0.25),
    evaluation: { kind: 'table', probabilities: Float64Array.of(0.75, 0.5, 0.25, 0.5) },
    qHat: Float64Array.of(1, 2, 3, 4, 5, 6),
    ...changes,
  };
}

const perRound = (...probabilities: readonly number[]): EvaluationPolicy => ({
  kind: 'perRound',
  probabilities: Float64Array.from(probabilities),
});

function refusalOf(changes: Partial<LoggedRoundsInput>): unknown {
  try {
    loggedRounds(anInput(changes));
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, message: error.message, details: error.details };
    return error;
  }
  return 'accepted';
}

describe('loggedRounds', () => {
  it('derives weights and what the model says, of a table', () => {
    const { weight, model, deterministic, rounds } = loggedRounds(anInput());
    expect([...weight]).toEqual([1.5, 2, 0.25]);
    expect(model?.ofLogged).toEqual(Float64Array.of(1, 4, 6));
    expect(model?.ofPolicy).toEqual(Float64Array.of(0.75 + 0.25 * 2, 0.5 * 3 + 0.5 * 4, 0.75 * 5 + 0.25 * 6));
    expect([deterministic, rounds]).toEqual([false, 3]);
  });

  it('derives what the model says of a policy per round, and divides by what its probabilities sum to', () => {
    const { model } = loggedRounds(anInput({ evaluation: perRound(1, 0, 0.25, 0.7505, 0, 1) }));
    expect(model?.ofPolicy).toEqual(Float64Array.of(1, (0.25 * 3 + 0.7505 * 4) / 1.0005, 6));
  });

  it('has no model without a policy or without estimated rewards', () => {
    const { evaluation: _evaluation, ...withoutPolicy } = anInput();
    const { qHat: _qHat, ...withoutRewards } = anInput();
    expect([loggedRounds(withoutPolicy).model, loggedRounds(withoutRewards).model]).toEqual([null, null]);
    expect(loggedRounds(withoutPolicy).deterministic).toBe(false);
  });

  it('tells a deterministic policy', () => {
    const evaluation = perRound(1, 0, 1, 0, 0, 1);
    expect(loggedRounds(anInput({ evaluation, evaluationOfLogged: Float64Array.of(1, 0, 1) })).deterministic).toBe(true);
    expect(loggedRounds(anInput({ evaluation, evaluationOfLogged: Float64Array.of(1, 0, 0.5) })).deterministic).toBe(false);
  });
});

describe('what loggedRounds refuses', () => {
  const NaNs = (at: number, n: number): Float64Array => new Float64Array(n).fill(0.5).fill(Number.NaN, at, at + 1);

  it.each([
    ['an action below 0', { action: Int32Array.of(0, -1, 1) }, 'LOGGED_ROUNDS_INVALID', 'action[1]'],
    ['an action above K - 1', { action: Int32Array.of(0, 1, 2) }, 'LOGGED_ROUNDS_INVALID', 'action[2]'],
    ['a position above L - 1', { position: Int32Array.of(2, 0, 0) }, 'LOGGED_ROUNDS_INVALID', 'position[0]'],
    ['a reward that is not finite', { reward: Float64Array.of(0, Infinity, 0) }, 'LOGGED_ROUNDS_INVALID', 'reward[1]'],
    ['a reward that is no number', { reward: NaNs(2, 3) }, 'LOGGED_ROUNDS_INVALID', 'reward[2]'],
    ['a propensity of 0', { propensity: Float64Array.of(0.5, 0.5, 0) }, 'PROPENSITY_INVALID', 'propensity[2]'],
    ['a negative propensity', { propensity: Float64Array.of(0.5, -0.1, 0.5) }, 'PROPENSITY_INVALID', 'propensity[1]'],
    ['a propensity above 1', { propensity: Float64Array.of(1.1, 0.5, 0.5) }, 'PROPENSITY_INVALID', 'propensity[0]'],
    ['a propensity that is no number', { propensity: NaNs(1, 3) }, 'PROPENSITY_INVALID', 'propensity[1]'],
    ['a propensity whose weight overflows', { propensity: Float64Array.of(0.5, 1e-160, 0.5) }, 'PROPENSITY_INVALID', 'propensity[1]'],
    [
      'an evaluation probability above 1',
      { evaluationOfLogged: Float64Array.of(0, 1.01, 0) },
      'LOGGED_ROUNDS_INVALID',
      'evaluationOfLogged[1]',
    ],
    ['a negative one', { evaluationOfLogged: Float64Array.of(0, 1, -0.1) }, 'LOGGED_ROUNDS_INVALID', 'evaluationOfLogged[2]'],
    ['no overlap', { evaluationOfLogged: Float64Array.of(0, 0, 0) }, 'NO_OVERLAP', 'evaluationOfLogged'],
    ['a model that is not finite', { qHat: NaNs(3, 6) }, 'LOGGED_ROUNDS_INVALID', 'qHat[1][1]'],
    ['a policy that is no probability', { evaluation: perRound(1, 0, 1.5, -0.5, 0, 1) }, 'LOGGED_ROUNDS_INVALID', 'evaluation[1][0]'],
    ['a round that does not sum to 1', { evaluation: perRound(1, 0, 0.5, 0.49, 0, 1) }, 'LOGGED_ROUNDS_INVALID', 'evaluation[1]'],
    ['too few rewards', { reward: Float64Array.of(1, 2) }, 'LOGGED_ROUNDS_INVALID', 'reward'],
    ['too few positions', { position: Int32Array.of(1) }, 'LOGGED_ROUNDS_INVALID', 'position'],
    ['a model of another shape', { qHat: new Float64Array(5) }, 'LOGGED_ROUNDS_INVALID', 'qHat'],
    ['a policy of another shape', { evaluation: perRound(0.5, 0.5, 0.5, 0.5) }, 'LOGGED_ROUNDS_INVALID', 'evaluation'],
    ['no actions', { actions: 0 }, 'LOGGED_ROUNDS_INVALID', 'actions'],
    ['half a position', { positions: 1.5 }, 'LOGGED_ROUNDS_INVALID', 'positions'],
    ['a single round', { action: Int32Array.of(0) }, 'LOGGED_ROUNDS_INVALID', 'action'],
  ])('%s, by code and place', (_what, changes, code, place) => {
    expect(refusalOf(changes)).toMatchObject({
      code,
      message: expect.stringContaining(`case "few", ${place}: `),
      details: { case: 'few' },
    });
  });

  it('a table whose column does not sum to 1, by its position', () => {
    const evaluation = { kind: 'table', probabilities: Float64Array.of(0.75, 0.5, 0.25, 0.4) } as const;
    expect(refusalOf({ evaluation })).toMatchObject({ message: 'case "few", evaluation: the probabilities of position 1 must sum to 1' });
  });

  it('and calls the field what the caller calls it, in message and details', () => {
    const changes = { fieldNames: { propensity: 'pscore' }, propensity: Float64Array.of(0.5, 0, 0.5) } as const;
    expect(refusalOf(changes)).toMatchObject({
      message: expect.stringContaining('pscore[1]'),
      details: { case: 'few', field: 'pscore', row: 1 },
    });
  });
});
