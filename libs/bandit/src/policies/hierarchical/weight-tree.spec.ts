import { rngFromNumber } from '@vitrine/kernel';
import { anArm, aTrial, foldAll } from '../../fixtures';
import { linearFamily } from '../../statistics/linear.family';
import { LinearArm } from './linear-arm';
import { WeightTree, type WeightScales } from './weight-tree';

const D = 2;
const family = linearFamily(D);
const rng = rngFromNumber(31);

interface Logged {
  readonly groups: readonly string[];
  readonly trials: readonly { readonly x: readonly number[]; readonly reward: number }[];
}

const logged: readonly Logged[] = [['a', 'c'], ['a', 'd'], ['b', 'c'], ['a', 'c'], []].map((groups, i) => ({
  groups,
  trials: Array.from({ length: 3 + 2 * i }, () => ({ x: [1, 2 * rng() - 1], reward: rng() })),
}));
const arms = logged.map(({ groups, trials }, i) =>
  LinearArm.of(
    anArm(`b${i}`, groups),
    foldAll(
      family,
      trials.map(({ x, reward }) => aTrial({ context: Float64Array.from(x), reward })),
    ),
    D,
  ),
);

const scalesOf = (variances: readonly (readonly number[])[], noise: number): WeightScales => ({
  deviations: variances.map((layer) => Float64Array.from(layer, Math.sqrt)),
  noise,
});
/** Root, two layers of groups, banners. */
const VARIANCES = [
  [2, 1.5],
  [0.5, 0.3],
  [0.2, 0.4],
  [0.1, 0.25],
];

/** Covariance of weight j of two banners: the layers whose groups they share; a banner with fewer groups hangs from its last one. */
function covariance(
  a: { readonly groups: readonly string[]; readonly index: number },
  b: typeof a,
  variances: readonly (readonly number[])[],
): readonly number[] {
  const shared = a.groups.findIndex((group, place) => b.groups[place] !== group);
  const depth = shared < 0 ? a.groups.length : shared;
  return [0, 1].map((j) => {
    const above = variances.slice(0, 1 + depth).reduce((sum, layer) => sum + (layer[j] ?? 0), 0);
    return above + (a.index === b.index ? (variances[3]?.[j] ?? 0) : 0);
  });
}

const rows = logged.flatMap(({ groups, trials }, index) => trials.map((trial) => ({ groups, index, ...trial })));

function inverted(matrix: readonly (readonly number[])[]): { readonly inverse: number[][]; readonly logDeterminant: number } {
  const n = matrix.length;
  const work = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  let logDeterminant = 0;
  work.forEach((pivotRow, k) => {
    const pivot = pivotRow[k] ?? 0;
    logDeterminant += Math.log(pivot);
    pivotRow.forEach((value, j) => (pivotRow[j] = value / pivot));
    work.forEach((row, i) => {
      const factor = i === k ? 0 : (row[k] ?? 0);
      row.forEach((value, j) => (row[j] = value - factor * (pivotRow[j] ?? 0)));
    });
  });
  return { inverse: work.map((row) => row.slice(n)), logDeterminant };
}

/** The rewards of all trials as one joint normal, written out: another road than messages in a tree. */
function plain(variances: readonly (readonly number[])[], noise: number) {
  const joint = rows.map((a, i) =>
    rows.map((b, k) => covariance(a, b, variances).reduce((sum, c, j) => sum + c * (a.x[j] ?? 0) * (b.x[j] ?? 0), i === k ? noise : 0)),
  );
  const { inverse, logDeterminant } = inverted(joint);
  const weighted = inverse.map((row) => row.reduce((sum, value, k) => sum + value * (rows[k]?.reward ?? 0), 0));
  const logLikelihood = -0.5 * (logDeterminant + weighted.reduce((sum, value, i) => sum + value * (rows[i]?.reward ?? 0), 0));
  const posterior = (banner: { readonly groups: readonly string[]; readonly index: number }) => {
    const cross = [0, 1].map((j) => rows.map((row) => (covariance(banner, row, variances)[j] ?? 0) * (row.x[j] ?? 0)));
    const own = covariance(banner, banner, variances);
    return {
      mean: cross.map((c) => c.reduce((sum, value, i) => sum + value * (weighted[i] ?? 0), 0)),
      covariance: cross.map((c, j) =>
        cross.map(
          (e, k) =>
            (j === k ? (own[j] ?? 0) : 0) -
            c.reduce((sum, value, i) => sum + value * (inverse[i] ?? []).reduce((inner, v, m) => inner + v * (e[m] ?? 0), 0), 0),
        ),
      ),
    };
  };
  return { logLikelihood, posterior };
}

describe('WeightTree', () => {
  const noise = 0.3;
  const solved = new WeightTree(D, 2, arms).solve(scalesOf(VARIANCES, noise));
  const reference = plain(VARIANCES, noise);

  it.each([0, 1, 2, 3, 4])('has the posterior of the joint normal for banner %d', (index) => {
    const arm = arms[index];
    const expected = reference.posterior({ groups: logged[index]?.groups ?? [], index });
    const belief = arm === undefined ? null : solved.beliefOf(arm);
    expected.mean.forEach((value, j) => expect(belief?.mean[j]).toBeCloseTo(value, 10));
    expected.covariance.flat().forEach((value, at) => expect(belief?.covariance[at]).toBeCloseTo(value, 10));
  });

  it.each([[['a', 'c']], [['b', 'c']], [['b', 'fresh']], [['fresh', 'c']], [['a']], [[]]])('and for an untried banner of %j', (groups) => {
    const expected = reference.posterior({ groups, index: 99 });
    const belief = solved.beliefOf(LinearArm.of(anArm('new', groups), null, D));
    expected.mean.forEach((value, j) => expect(belief.mean[j]).toBeCloseTo(value, 10));
    expected.covariance.flat().forEach((value, at) => expect(belief.covariance[at]).toBeCloseTo(value, 10));
  });

  it('has the likelihood of the joint normal, and its gradient', () => {
    const { logLikelihood, shown, determined } = solved.tally();
    const constant = logLikelihood - reference.logLikelihood;
    const other = new WeightTree(D, 2, arms).solve(
      scalesOf(
        VARIANCES.map((layer) => layer.map((value) => value / 3)),
        0.1,
      ),
    );
    expect(
      other.tally().logLikelihood -
        plain(
          VARIANCES.map((layer) => layer.map((value) => value / 3)),
          0.1,
        ).logLikelihood,
    ).toBeCloseTo(constant, 8);
    VARIANCES.forEach((layer, l) =>
      layer.forEach((variance, j) => {
        const moved = (by: number): number =>
          plain(
            VARIANCES.map((values, m) => values.map((value, k) => (m === l && k === j ? value + by : value))),
            noise,
          ).logLikelihood;
        const gradient = ((shown[l]?.[j] ?? 0) / variance - (determined[l]?.[j] ?? 0)) / (2 * variance);
        expect(gradient).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 5);
      }),
    );
  });

  it('reads only as many groups as its depth', () => {
    const shallow = new WeightTree(D, 1, arms).solve(scalesOf([VARIANCES[0] ?? [], VARIANCES[1] ?? [], VARIANCES[3] ?? []], noise));
    const belief = (groups: readonly string[]) => shallow.beliefOf(LinearArm.of(anArm('new', groups), null, D));
    expect(belief(['a', 'c'])).toEqual(belief(['a', 'd']));
    expect(belief(['a', 'c']).mean).not.toEqual(belief(['b', 'c']).mean);
  });
});
