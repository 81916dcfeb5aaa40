import { invariant, rngFromNumber, type Rng } from '@vitrine/kernel';
import { anArm, aPoint } from '../../fixtures';
import type { Policy } from '../../policy';
import { createPolicy } from '../policy-registry';
import { effectPool } from './effect-pool';

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

function decided(policy: Policy, banners: readonly Banner[]) {
  const arms = banners.map(({ groups, trials, rate }, i) =>
    policy.derive(anArm(`b${i}`, groups), trials === 0 ? null : Float64Array.of(trials, trials * rate, trials * rate)),
  );
  const pool = effectPool(policy.pool?.derive(arms, null));
  const out = new Float64Array(arms.length);
  policy.distribution(arms, aPoint(undefined, { pool }), out);
  return { out, pool };
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
function jointSampler(banners: readonly Banner[], { pool }: Pick<ReturnType<typeof decided>, 'pool'>, rng: Rng): () => Float64Array {
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

describe('hierarchical-thompson against draws from the joint posterior', () => {
  it('is exact for two banners that share a base, a campaign, both or no trial', () => {
    const rng = rngFromNumber(21);
    const policy = thompson();
    const third = { groups: ['campaign:2'], trials: 60, rate: 0.1 };
    const pairs = [
      [
        { groups: ['campaign:1'], trials: 20, rate: 0.4 },
        { groups: ['campaign:1'], trials: 0, rate: 0 },
      ],
      [
        { groups: ['campaign:1'], trials: 20, rate: 0.4 },
        { groups: ['campaign:2'], trials: 30, rate: 0.3 },
      ],
      [
        { groups: [], trials: 5, rate: 0.4 },
        { groups: [], trials: 0, rate: 0 },
      ],
    ];
    for (const pair of pairs) {
      const all = [...pair, third, { ...third, groups: ['campaign:1'], rate: 0.5 }]; // they are tried, but not eligible
      const arms = all.map(({ groups, trials, rate }, i) =>
        policy.derive(anArm(`b${i}`, groups), trials === 0 ? null : Float64Array.of(trials, trials * rate, trials * rate)),
      );
      const pool = effectPool(policy.pool?.derive(arms, null));
      const out = new Float64Array(2);
      policy.distribution(arms.slice(0, 2), aPoint(undefined, { pool }), out);
      const draws = 50_000;
      const shares = winShares(jointSampler(all, { pool }, rng), 2, { draws, rng });
      const p = out[0] ?? 0;
      expect(p).toBeGreaterThan(0.02);
      expect(p).toBeLessThan(0.98);
      expect(abs((shares[0] ?? 0) - p) / sqrt((p * (1 - p)) / draws)).toBeLessThan(LIMIT);
    }
  });

  it('stays within the stated distance for 3 to 12 banners in two kinds of groups', () => {
    const rng = rngFromNumber(22);
    const policy = thompson();
    let sum = 0;
    let count = 0;
    let largest = 0;
    for (let model = 0; model < 40; model++) {
      const banners = randomBanners(rng, 3 + (model % 10));
      const decision = decided(policy, banners);
      const shares = winShares(jointSampler(banners, decision, rng), banners.length, { draws: 3_000, rng });
      decision.out.forEach((p, i) => {
        const distance = abs(p - (shares[i] ?? 0));
        sum += distance;
        largest = max(largest, distance);
      });
      count += banners.length;
    }
    console.log(sum / count, largest);
    expect(sum / count).toBeLessThan(0.01);
    expect(largest).toBeLessThan(0.12);
  });
});
