import { invariant, rngFromNumber, type Rng } from '@vitrine/kernel';
import { anArm, aPoint } from '../../fixtures';
import type { Policy } from '../../policy';
import { createPolicy } from '../policy-registry';
import { effectPool, type EffectPool } from './effect-pool';

// Globals cost a lookup through Jest's sandbox on every use.
const { abs, cos, log, max, PI, sqrt } = Math;
/** |z| above 5.2 with probability 2e-7: below 1e-6 per test of up to five banners. */
const LIMIT = 5.2;
/** Where no difference was found, all scores of a draw are equal but for rounding: chance decides. */
const TIE_BREAK = 1e-5;

const normal = (rng: Rng): number => sqrt(-2 * log(1 - rng())) * cos(2 * PI * rng());

interface Banner {
  readonly groups: readonly string[];
  readonly trials: number;
  readonly rate: number;
}

function thompson(): Policy {
  const policy = createPolicy({ name: 'hierarchical-thompson', params: {} }, 0);
  invariant(policy.ok, 'the policy builds');
  return policy.value;
}

type Matrix = number[][];

/** Solves A X = B by Gauss-Jordan: another road than the policy's factors. */
function solved(a: Matrix, b: Matrix): Matrix {
  const rows = a.map((row, i) => [...row, ...(b[i] ?? [])]);
  rows.forEach((pivotRow, k) => {
    const pivot = pivotRow[k] ?? 1;
    pivotRow.forEach((value, j) => (pivotRow[j] = value / pivot));
    rows.forEach((row, i) => {
      const factor = i === k ? 0 : (row[k] ?? 0);
      if (factor !== 0) row.forEach((value, j) => (row[j] = value - factor * (pivotRow[j] ?? 0)));
    });
  });
  return rows.map((row) => row.slice(a.length));
}

/** Variance of the base, of which nothing is known: far beyond any reward. */
const BASE = 100;

/**
 * Draws all banners' means from their joint posterior by Matheron's rule: a draw from the joint prior, moved by what a draw of the
 * observed averages lacks to the real ones.
 */
function jointSampler(banners: readonly Banner[], pool: EffectPool, rng: Rng): () => Float64Array {
  const groups = Array.from(new Set(banners.flatMap((banner) => banner.groups)));
  const deviation = groups.map((group) => sqrt(pool.varianceOf(group.split(':')[0] ?? '')));
  const own = sqrt(pool.bannerVariance);
  const prior = banners.map((a) =>
    banners.map((b) => {
      const both = a.groups.filter((group) => b.groups.includes(group));
      return BASE + both.reduce((sum, group) => sum + (deviation[groups.indexOf(group)] ?? 0) ** 2, 0) + (a === b ? own ** 2 : 0);
    }),
  );
  const tried = banners.flatMap(({ trials }, i) => (trials > 0 ? [i] : []));
  const sampling = tried.map((a) => pool.noise / (banners[a]?.trials ?? 1));
  const gain = solved(
    tried.map((a, at) => tried.map((b) => (prior[a]?.[b] ?? 0) + (a === b ? (sampling[at] ?? 0) : 0))),
    tried.map((a) => prior[a] ?? []),
  );
  const means = new Float64Array(banners.length);
  const lacking = new Float64Array(tried.length);
  return () => {
    const base = sqrt(BASE) * normal(rng);
    const effects = deviation.map((value) => value * normal(rng));
    banners.forEach(
      (banner, i) =>
        (means[i] = banner.groups.reduce((sum, group) => sum + (effects[groups.indexOf(group)] ?? 0), base + own * normal(rng))),
    );
    tried.forEach((a, at) => (lacking[at] = (banners[a]?.rate ?? 0) - (means[a] ?? 0) - sqrt(sampling[at] ?? 0) * normal(rng)));
    banners.forEach((_, i) => tried.forEach((__, at) => (means[i] = (means[i] ?? 0) + (lacking[at] ?? 0) * (gain[at]?.[i] ?? 0))));
    return means;
  };
}

/** Share of draws from the joint posterior that each of the first n banners wins among them. */
function winShares(draw: () => Float64Array, n: number, { draws, rng }: { readonly draws: number; readonly rng: Rng }): Float64Array {
  const wins = new Float64Array(n);
  for (let round = 0; round < draws; round++) {
    const means = draw();
    let best = -Infinity;
    let winner = 0;
    for (let i = 0; i < n; i++) {
      const score = (means[i] ?? 0) + TIE_BREAK * normal(rng);
      if (score > best) [best, winner] = [score, i];
    }
    wins[winner] = (wins[winner] ?? 0) + 1 / draws;
  }
  return wins;
}

function randomBanners(rng: Rng, n: number): readonly Banner[] {
  return Array.from({ length: n }, (_, i) => {
    const campaign = Math.floor(rng() * 3);
    const tried = i === 0 || rng() < 0.7; // somebody is tried, or nothing is known
    return {
      groups: [`campaign:${campaign}`, `tag:${Math.floor(rng() * 2)}`],
      trials: tried ? 1 + Math.floor(100 * rng()) : 0,
      rate: 0.1 + 0.1 * campaign + 0.2 * rng(),
    };
  });
}

/** Probabilities of the first n of the banners, beside the shares of draws that they win. */
function compared(banners: readonly Banner[], n: number, { draws, rng }: { readonly draws: number; readonly rng: Rng }) {
  const policy = thompson();
  const arms = banners.map(({ groups, trials, rate }, i) =>
    policy.derive(anArm(`b${i}`, groups), trials === 0 ? null : Float64Array.of(trials, trials * rate, trials * rate)),
  );
  const pool = effectPool(policy.pool?.derive(arms, null));
  const out = new Float64Array(n);
  policy.distribution(arms.slice(0, n), aPoint(undefined, { pool }), out);
  return { out, shares: winShares(jointSampler(banners, pool, rng), n, { draws, rng }) };
}

describe('hierarchical-thompson against draws from the joint posterior', () => {
  const others = [
    { groups: ['campaign:2'], trials: 60, rate: 0.1 },
    { groups: ['campaign:1'], trials: 60, rate: 0.5 },
  ];

  it.each<readonly [string, number, readonly Banner[]]>([
    [
      'two banners of one campaign, one of them untried',
      2,
      [{ groups: ['campaign:1'], trials: 20, rate: 0.4 }, { groups: ['campaign:1'], trials: 0, rate: 0 }, ...others],
    ],
    [
      'two banners of different campaigns',
      2,
      [{ groups: ['campaign:1'], trials: 20, rate: 0.4 }, { groups: ['campaign:2'], trials: 30, rate: 0.3 }, ...others],
    ],
    ['two banners without groups', 2, [{ groups: [], trials: 5, rate: 0.4 }, { groups: [], trials: 0, rate: 0 }, ...others]],
    ['banners that covary equally', 4, [0.3, 0.36, 0.42, 0.48].map((rate) => ({ groups: [], trials: 50, rate }))],
  ])('is exact for %s', (_, n, banners) => {
    const draws = 30_000;
    const { out, shares } = compared(banners, n, { draws, rng: rngFromNumber(21) });
    out.forEach((p, i) => {
      expect(p).toBeGreaterThan(1e-3);
      expect(abs((shares[i] ?? 0) - p) / sqrt((p * (1 - p)) / draws)).toBeLessThan(LIMIT);
    });
  });

  it('stays within the stated distance for 3 to 12 banners in two kinds of groups', () => {
    const rng = rngFromNumber(22);
    const distances = Array.from({ length: 40 }, (__, model) => {
      const banners = randomBanners(rng, 3 + (model % 10));
      const { out, shares } = compared(banners, banners.length, { draws: 3_000, rng });
      return [...out].map((p, i) => abs(p - (shares[i] ?? 0)));
    }).flat();
    expect(distances.reduce((sum, distance) => sum + distance, 0) / distances.length).toBeLessThan(0.02); // 0.003 of it from so few draws
    expect(max(...distances)).toBeLessThan(0.35);
  });
});
