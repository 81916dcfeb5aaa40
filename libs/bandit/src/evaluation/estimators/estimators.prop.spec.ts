import fc from 'fast-check';
import { meanOf } from '../intervals/moments';
import { roundSe } from '../intervals/round-se';
import { loggedRounds, type LoggedRounds } from '../rounds/logged-rounds';
import { weightDiagnostics } from '../weight-diagnostics';
import { dm } from './dm';
import { dr } from './dr';
import { getTunableEstimator, TUNABLE_ESTIMATORS } from './estimator-registry';
import { ips } from './ips';
import { replay } from './replay';
import { sndr } from './sndr';
import { snips } from './snips';

const K = 4;
const unit = fc.double({ min: 0, max: 1, noNaN: true });

interface Round {
  readonly action: number;
  readonly reward: number;
  readonly logging: readonly number[];
  readonly evaluation: readonly number[];
  readonly qHat: readonly number[];
}

const distribution = fc
  .array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: K, maxLength: K })
  .map((shares) => shares.map((share) => share / shares.reduce((sum, x) => sum + x, 0)));
const aRound: fc.Arbitrary<Round> = fc.record({
  action: fc.nat({ max: K - 1 }),
  reward: fc.double({ min: -5, max: 5, noNaN: true }),
  logging: distribution,
  evaluation: distribution,
  qHat: fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: K, maxLength: K }),
});
const someRounds = fc.array(aRound, { minLength: 2, maxLength: 40 });

function logOf(rows: readonly Round[]): LoggedRounds {
  return loggedRounds({
    name: 'any',
    actions: K,
    positions: 1,
    action: Int32Array.from(rows, ({ action }) => action),
    position: new Int32Array(rows.length),
    reward: Float64Array.from(rows, ({ reward }) => reward),
    propensity: Float64Array.from(rows, ({ logging, action }) => logging[action] ?? 0),
    evaluationOfLogged: Float64Array.from(rows, ({ evaluation, action }) => evaluation[action] ?? 0),
    evaluation: { kind: 'perRound', probabilities: Float64Array.from(rows.flatMap(({ evaluation }) => evaluation)) },
    qHat: Float64Array.from(rows.flatMap(({ qHat }) => qHat)),
  });
}

const close = (a: number, b: number, scale = 1): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, scale, Math.abs(b));

it('a policy evaluated on its own log is worth the mean reward, by IPS, SNIPS and every changed weight that leaves 1 alone', () => {
  fc.assert(
    fc.property(someRounds, (rows) => {
      const log = logOf(rows.map((row) => ({ ...row, evaluation: row.logging })));
      const mean = meanOf(log.reward);
      const values = [ips.roundTerms(log), snips.roundTerms(log), getTunableEstimator('ips_clip').roundTerms(log, 1)].map(meanOf);
      const subGaussian = meanOf(getTunableEstimator('sg_ips').roundTerms(log, 0.3));
      return [...values, subGaussian].every((value) => close(value, mean));
    }),
  );
});

it('with a perfect model and equal rounds, DR has no variance, whatever the weights', () => {
  fc.assert(
    fc.property(someRounds, distribution, fc.array(unit, { minLength: K, maxLength: K }), (rows, evaluation, q) => {
      const log = logOf(rows.map((row) => ({ ...row, evaluation, qHat: q, reward: q[row.action] ?? 0 })));
      const value = q.reduce((sum, reward, k) => sum + reward * (evaluation[k] ?? 0), 0);
      const terms = [
        dr.roundTerms(log),
        sndr.roundTerms(log),
        ...TUNABLE_ESTIMATORS.filter((e) => e.usesModel).map((e) => e.roundTerms(log, 0.7)),
      ];
      return terms.every((R) => close(meanOf(R), value) && roundSe(R) < 1e-12);
    }),
  );
});

it('DR in expectation over the logged action is the true value with true propensities, whatever the model', () => {
  fc.assert(
    fc.property(aRound, fc.array(unit, { minLength: K, maxLength: K }), (row, truth) => {
      let [byIps, byDr] = [0, 0];
      for (let action = 0; action < K; action++) {
        const log = logOf([{ ...row, action, reward: truth[action] ?? 0 }, row]);
        byIps += (row.logging[action] ?? 0) * (ips.roundTerms(log)[0] ?? 0);
        byDr += (row.logging[action] ?? 0) * (dr.roundTerms(log)[0] ?? 0);
      }
      const value = truth.reduce((sum, reward, k) => sum + reward * (row.evaluation[k] ?? 0), 0);
      return close(byIps, value, 100) && close(byDr, value, 100);
    }),
  );
});

it('the ends of each parameter are the estimators they interpolate', () => {
  fc.assert(
    fc.property(someRounds, (rows) => {
      const log = logOf(rows);
      const at = (name: string, parameter: number): number => meanOf(getTunableEstimator(name).roundTerms(log, parameter));
      const [model, corrected, weighted] = [dm, dr, ips].map(({ roundTerms }) => meanOf(roundTerms(log)));
      const pairs = [
        [at('dr_clip', 0), model],
        [at('switch_dr', 0), model],
        [at('dros', 0), model],
        [at('dr_clip', 1e9), corrected],
        [at('switch_dr', 1e9), corrected],
        [at('dros', 1e15), corrected],
        [at('sg_dr', 0), corrected],
        [at('ips_clip', 1e9), weighted],
        [at('sg_ips', 0), weighted],
      ] as const;
      return pairs.every(([found, expected = Number.NaN]) => close(found, expected, 100));
    }),
  );
});

it('SNIPS stays within the rewards and moves with them', () => {
  fc.assert(
    fc.property(someRounds, (rows) => {
      const log = logOf(rows);
      const value = meanOf(snips.roundTerms(log));
      const shifted = meanOf(snips.roundTerms({ ...log, reward: log.reward.map((r) => r + 7) }));
      return value >= Math.min(...log.reward) - 1e-9 && value <= Math.max(...log.reward) + 1e-9 && close(shifted, value + 7);
    }),
  );
});

it('replay on a uniform log is the mean reward of the rounds that match', () => {
  fc.assert(
    fc.property(someRounds, fc.nat({ max: K - 1 }), (rows, always) => {
      fc.pre(rows.some(({ action }) => action === always));
      const evaluation = Array.from({ length: K }, (_, k) => (k === always ? 1 : 0));
      const log = logOf(rows.map((row) => ({ ...row, evaluation, logging: [0.25, 0.25, 0.25, 0.25] })));
      const matching = Float64Array.from(
        rows.filter(({ action }) => action === always),
        ({ reward }) => reward,
      );
      return (
        log.deterministic &&
        close(meanOf(replay.roundTerms(log)), meanOf(matching)) &&
        close(meanOf(snips.roundTerms(log)), meanOf(matching))
      );
    }),
  );
});

it('the effective sample size lies between 1 and n, is n for equal weights, and diagnostics count zeros', () => {
  fc.assert(
    fc.property(fc.array(unit, { minLength: 2, maxLength: 50 }), fc.nat({ max: 20 }), (weights, zeros) => {
      fc.pre(weights.some((w) => w > 1e-6));
      const weight = Float64Array.from([...weights, ...new Array<number>(zeros).fill(0)]);
      const rounds = weight.length;
      const { effectiveSampleSize, zeroCount, zeroShare, min, max, mean } = weightDiagnostics({ weight, rounds });
      const equal = weightDiagnostics({ weight: new Float64Array(rounds).fill(0.3), rounds });
      expect(zeroCount).toBe(weight.filter((w) => w === 0).length);
      expect([min, max]).toEqual([Math.min(...weight), Math.max(...weight)]);
      expect(zeroShare).toBe(zeroCount / rounds);
      expect(mean).toBeCloseTo(meanOf(weight), 12);
      expect(equal.effectiveSampleSize).toBeCloseTo(rounds, 9);
      return effectiveSampleSize >= 1 - 1e-9 && effectiveSampleSize <= rounds - zeroCount + 1e-9;
    }),
  );
});
