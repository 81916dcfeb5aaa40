import { loggedRounds, type LoggedRounds } from '../rounds/logged-rounds';
import { meanOf } from '../intervals/moments';
import { getTunableEstimator, PLAIN_ESTIMATORS, TUNABLE_ESTIMATORS } from './estimator-registry';
import { replay } from './replay';
import { switchDr } from './switch-dr';

/** Weights 2, 0.5 and 0, written so that every estimator can be worked out by hand. */
function threeRounds(): LoggedRounds {
  return loggedRounds({
    name: 'three',
    actions: 2,
    positions: 1,
    action: Int32Array.of(0, 1, 1),
    position: Int32Array.of(0, 0, 0),
    reward: Float64Array.of(3, 1, 5),
    propensity: Float64Array.of(0.5, 0.5, 0.5),
    evaluationOfLogged: Float64Array.of(1, 0.25, 0),
    evaluation: { kind: 'perRound', probabilities: Float64Array.of(1, 0, 0.75, 0.25, 1, 0) },
    qHat: Float64Array.of(2, 0, 4, 2, 1, 3),
  });
}

const valueOf = (name: string): number => {
  const estimator = PLAIN_ESTIMATORS.find((one) => one.name === name);
  return meanOf(estimator?.roundTerms(threeRounds()) ?? new Float64Array(0));
};
const tunedValueOf = (name: string, parameter: number): number => meanOf(getTunableEstimator(name).roundTerms(threeRounds(), parameter));

describe('the estimators, worked out by hand', () => {
  // v = 2, 3.5, 1; q of the logged action = 2, 2, 3; errors of the model on it = 1, -1, 2; mean weight 5 / 6.
  it.each([
    ['ips', (2 * 3 + 0.5 * 1) / 3],
    ['snips', (2 * 3 + 0.5 * 1) / 2.5],
    ['dm', (2 + 3.5 + 1) / 3],
    ['dr', (2 + 3.5 + 1 + 2 * 1 - 0.5 * 1) / 3],
    ['sndr', (2 + 3.5 + 1 + (2 * 1 - 0.5 * 1) / (2.5 / 3)) / 3],
  ])('%s is %d', (name, value) => {
    expect(valueOf(name)).toBeCloseTo(value, 14);
  });

  it.each([
    ['ips_clip', 1, (1 * 3 + 0.5 * 1) / 3],
    ['dr_clip', 1, (6.5 + 1 * 1 - 0.5 * 1) / 3],
    ['switch_dr', 1, (6.5 - 0.5 * 1) / 3],
    ['dros', 4, (6.5 + ((4 * 2) / 8) * 1 - ((4 * 0.5) / 4.25) * 1) / 3],
    ['sg_ips', 0.5, ((2 / 1.5) * 3 + (0.5 / 0.75) * 1) / 3],
    ['sg_dr', 0.5, (6.5 + 2 / 1.5 - 0.5 / 0.75) / 3],
  ])('%s at %d is %d', (name, parameter, value) => {
    expect(tunedValueOf(name, parameter)).toBeCloseTo(value, 14);
  });

  it('a weight of exactly the threshold still counts for Switch-DR', () => {
    expect([switchDr.changedWeight(2, 2), switchDr.changedWeight(2.0000000000000004, 2)]).toEqual([2, 0]);
  });

  it('a weight of 0 stays 0 at the ends of every range, where the formulas read 0 / 0', () => {
    for (const { changedWeight, range } of TUNABLE_ESTIMATORS)
      expect([changedWeight(0, range.min), changedWeight(0, range.max === 1 ? 1 : 1e300)]).toEqual([0, 0]);
  });

  it('replay refuses a policy that agrees with no round for sure', () => {
    const rounds = { ...threeRounds(), evaluationOfLogged: Float64Array.of(0.5, 0.25, 0) };
    expect(() => replay.roundTerms(rounds)).toThrow(expect.objectContaining({ code: 'NO_OVERLAP' }));
  });
});

describe('refusals of the estimators', () => {
  it.each([
    ['ips_clip', -1],
    ['dros', Infinity],
    ['switch_dr', Number.NaN],
    ['sg_dr', 1.0001],
  ])('%s at %d', (name, parameter) => {
    expect(() => tunedValueOf(name, parameter)).toThrow(expect.objectContaining({ code: 'ESTIMATOR_PARAMETER_INVALID' }));
  });

  it('an estimator that needs a model says so; one that does not, works without', () => {
    const rounds = { ...threeRounds(), model: null };
    for (const estimator of [...PLAIN_ESTIMATORS, ...TUNABLE_ESTIMATORS]) {
      const run = (): Float64Array => estimator.roundTerms(rounds, 0.5);
      if (estimator.usesModel) expect(run).toThrow(expect.objectContaining({ code: 'REWARD_MODEL_MISSING', details: { case: 'three' } }));
      else expect(run()).toHaveLength(3);
    }
  });

  it('an unknown name, with the known ones', () => {
    expect(() => getTunableEstimator('toString')).toThrow(/"toString".*ips_clip, dr_clip, switch_dr, dros, sg_ips, sg_dr/);
  });
});
