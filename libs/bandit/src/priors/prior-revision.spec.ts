import { bannerId, DomainError, invariant, rngFromNumber, type Rng } from '@vitrine/kernel';
import { anArm, aPoint } from '../fixtures';
import type { Policy } from '../policy';
import { createPolicy } from '../policies/policy-registry';
import { LearnedState } from '../runtime/learned-state';
import { fitPriorRevision, type PlacementCounts } from './fit-prior-revision';
import { parsePriorRevision } from './parse-prior-revision';
import { priorFor, type PlacementPrior, type PriorRevision } from './prior-revision';

const normal = (rng: Rng): number => Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());

/** Counts of normal rewards with a standard deviation of 0.4, averages exact. */
function counts(trials: number, mean: number): Float64Array {
  return Float64Array.of(trials, trials * mean, trials * (mean * mean + 0.16));
}

interface World {
  readonly surfaces: readonly number[];
  readonly placementsPerSurface: number;
  readonly campaigns: readonly number[];
  /** Standard deviations of what a placement, a campaign in one placement, and a banner add. */
  readonly placement: number;
  readonly local: number;
  readonly banner: number;
}

const WORLD: World = {
  surfaces: [0.2, 0.5],
  placementsPerSurface: 8,
  campaigns: [-0.1, 0, 0.02, 0.15],
  placement: 0.05,
  local: 0.01,
  banner: 0.02,
};

/** Placements with four banners of each campaign, 500 trials each. */
function placementsOf(world: World, seed: number): readonly PlacementCounts[] {
  const rng = rngFromNumber(seed);
  return world.surfaces.flatMap((base, s) =>
    Array.from({ length: world.placementsPerSurface }, (_, i) => {
      const around = base + world.placement * normal(rng);
      const banners = world.campaigns.flatMap((effect, c) => {
        const here = effect + world.local * normal(rng);
        return Array.from({ length: 4 }, (__, k) => ({
          id: `p${s}${i}c${c}b${k}`,
          groups: [`campaign:${c}`],
          counts: counts(500, around + here + world.banner * normal(rng) + 0.4 * Math.sqrt(1 / 500) * normal(rng)),
        }));
      });
      return { placementId: `p${s}-${i}`, surface: `S${s}`, banners };
    }),
  );
}

function fitted(placements: readonly PlacementCounts[]): PriorRevision {
  const prior = fitPriorRevision(placements);
  invariant(prior !== null, 'something was tried');
  return prior;
}

describe('fitPriorRevision', () => {
  const prior = fitted(placementsOf(WORLD, 3));

  it('finds bases, effects of groups and variances of the world that made the counts', () => {
    expect(prior.noise).toBeCloseTo(0.16, 3);
    expect(prior.groups['campaign']?.effects['campaign:3']?.mean).toBeCloseTo(0.15 - 0.0175, 1); // effects are about their mean
    const [best, worst] = [prior.groups['campaign']?.effects['campaign:3'], prior.groups['campaign']?.effects['campaign:0']];
    expect((best?.mean ?? 0) - (worst?.mean ?? 0)).toBeCloseTo(0.25, 1);
    expect(Math.sqrt(prior.placement.between)).toBeGreaterThan(0.03);
    expect(Math.sqrt(prior.placement.between)).toBeLessThan(0.08);
    expect(Math.sqrt(prior.banner.between)).toBeCloseTo(0.02, 2);
    expect(Math.sqrt(prior.groups['campaign']?.local ?? 0)).toBeCloseTo(0.01, 2);
  });

  it('says what every level rests on', () => {
    expect(prior.global.trials).toBe(16 * 16 * 500);
    expect(prior.surface.bases['S0']?.trials).toBe(8 * 16 * 500);
    expect(prior.placement.bases['p0-3']?.trials).toBe(16 * 500);
    expect(prior.groups['campaign']).toMatchObject({ degrees: 16 * 4 - 4, effects: { 'campaign:1': { trials: 16 * 4 * 500 } } });
  });

  it('puts what it says of new placements as far from the truth as it says', () => {
    // 12 worlds, one new placement of each surface and campaign: z-scores have a mean square of 1; its standard error is about 0.2 as 96 values of 24
    // placements are correlated. Above 2 or below 0.4 with a chance of 1e-5.
    const squares = Array.from({ length: 12 }, (_, w) => {
      const known = fitted(placementsOf(WORLD, 20 + w));
      const rng = rngFromNumber(900 + w);
      return WORLD.surfaces.flatMap((base, s) => {
        const around = base + WORLD.placement * normal(rng);
        return WORLD.campaigns.map((effect, c) => {
          const truth = around + effect + WORLD.local * normal(rng) + WORLD.banner * normal(rng);
          const { mean, variance } = priorFor(known, { placementId: 'new', surface: `S${s}`, groups: [`campaign:${c}`] });
          return (truth - mean) ** 2 / variance;
        });
      });
    }).flat();
    const meanSquare = squares.reduce((sum, square) => sum + square, 0) / squares.length;
    expect(meanSquare).toBeGreaterThan(0.4);
    expect(meanSquare).toBeLessThan(2);
  });

  it('does not depend on the order of placements and banners', () => {
    const placements = placementsOf(WORLD, 3);
    const reversed = placements.toReversed().map((placement) => ({ ...placement, banners: placement.banners.toReversed() }));
    expect(fitPriorRevision(reversed)).toEqual(prior);
  });

  it('is null while nothing was tried', () => {
    expect(fitPriorRevision([])).toBeNull();
    expect(
      fitPriorRevision([{ placementId: 'p', surface: 'S', banners: [{ id: 'b', groups: [], counts: new Float64Array(3) }] }]),
    ).toBeNull();
  });

  it('does not bind a third placement to what two happen to agree on', () => {
    const same = (placementId: string): PlacementCounts => ({
      placementId,
      surface: 'S',
      banners: [0.1, 0.3].map((mean, c) => ({ id: `b${c}`, groups: [`campaign:${c}`], counts: counts(1e6, mean) })),
    });
    const { groups, banner } = fitted([same('p'), same('q')]);
    expect(groups['campaign']?.degrees).toBe(2);
    expect(groups['campaign']?.local).toBeGreaterThanOrEqual((groups['campaign']?.between ?? 1) / 3);
    expect(banner.between).toBeGreaterThan(0);
  });
});

describe('priorFor', () => {
  const prior = fitted(placementsOf(WORLD, 3));
  const at = (over: Partial<Parameters<typeof priorFor>[1]>) => priorFor(prior, { placementId: 'new', surface: 'S1', groups: [], ...over });

  it('knows less the farther it has to reach: placement, surface, all', () => {
    const [placement, surface, all] = [at({ placementId: 'p1-2' }), at({}), at({ surface: 'S9' })];
    expect(placement.variance).toBeLessThan(surface.variance);
    expect(surface.variance).toBeLessThan(all.variance);
    expect(surface.mean).toBeCloseTo(0.5, 1);
    expect(all.mean).toBeCloseTo(0.35, 1);
  });

  it('adds groups; one that is new is as wide as its kind, a kind that is new adds nothing', () => {
    const [plain, known, fresh, kindless] = [
      at({}),
      at({ groups: ['campaign:3'] }),
      at({ groups: ['campaign:9'] }),
      at({ groups: ['mood:9'] }),
    ];
    const level = prior.groups['campaign'];
    expect(known.mean - plain.mean).toBeCloseTo(level?.effects['campaign:3']?.mean ?? 0, 12);
    expect(fresh.mean).toBe(plain.mean);
    expect(fresh.variance - plain.variance).toBeCloseTo((level?.between ?? 0) + (level?.local ?? 0), 12);
    expect(fresh.variance).toBeGreaterThan(known.variance);
    expect(kindless).toEqual(plain);
  });

  it('takes names of built-in properties for names', () => {
    expect(at({ placementId: 'constructor', groups: ['toString', 'campaign:__proto__'] }).mean).toBeCloseTo(at({}).mean, 12);
  });
});

describe('parsePriorRevision', () => {
  const prior = fitted(placementsOf(WORLD, 3));
  const written = (): Record<string, unknown> => JSON.parse(JSON.stringify(prior)) as Record<string, unknown>;
  const codeOf = (value: unknown): unknown => {
    try {
      parsePriorRevision(value);
      return null;
    } catch (error) {
      invariant(error instanceof DomainError, 'a coded error');
      return { code: error.code, ...error.details };
    }
  };

  it('restores what was written, bit for bit', () => {
    expect(parsePriorRevision(written())).toEqual(prior);
  });

  it('refuses another format, both named', () => {
    expect(codeOf({ ...written(), format: 7 })).toEqual({ code: 'STATE_VERSION_MISMATCH', found: '7', expected: '1' });
    expect(codeOf({})).toEqual({ code: 'STATE_VERSION_MISMATCH', found: 'none', expected: '1' });
  });

  it.each([
    [null, 'prior'],
    [[], 'prior'],
    [{ noise: '1' }, 'noise'],
    [{ noise: -1 }, 'noise'],
    [{ global: { mean: Infinity, variance: 1, trials: 1 } }, 'global.mean'],
    [{ surface: { between: 1, bases: { S: { mean: 0, variance: -1, trials: 1 } } } }, 'surface.bases.S.variance'],
    [{ groups: { campaign: { between: 1, local: 1, degrees: 0 } } }, 'groups.campaign.effects'],
    [{ banner: null }, 'banner'],
  ])('refuses %j, naming %s', (fault, place) => {
    const value = fault === null || Array.isArray(fault) ? fault : { ...written(), ...fault };
    expect(codeOf(value)).toEqual({ code: 'PRIOR_MALFORMED', place });
  });
});

describe('hierarchical-thompson with a prior', () => {
  const built = createPolicy({ name: 'hierarchical-thompson', params: {} }, 0);
  invariant(built.ok, 'the policy builds');
  const policy: Policy = built.value;
  const ids = [0, 1, 2, 3].map((c) => bannerId(`new-${c}`));
  const prior: PlacementPrior = { revision: fitted(placementsOf(WORLD, 3)), surface: 'S0', placementId: 'new' };

  function distribution(earned: ReadonlyMap<number, readonly [number, number]>, from: PlacementPrior | null): readonly number[] {
    const statistics = new Map(Array.from(earned, ([c, [trials, mean]]) => [ids[c] ?? bannerId('none'), counts(trials, mean)] as const));
    const identify = (id: (typeof ids)[number]) => anArm(id, [`campaign:${ids.indexOf(id)}`]);
    const state = LearnedState.of({ policy, revision: 1, statistics, identify }).withPrior(from);
    const out = new Float64Array(ids.length);
    state.distribution(ids, aPoint(), out);
    return [...out];
  }

  it('prefers, before any trial, the group that earned elsewhere', () => {
    const p = distribution(new Map(), prior);
    expect(p[3]).toBeGreaterThan(0.9);
    expect(distribution(new Map(), null)).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('keeps to it after a handful of trials that say otherwise by chance', () => {
    expect(
      distribution(
        new Map([
          [3, [4, 0]],
          [0, [4, 0.5]],
        ]),
        prior,
      )[3],
    ).toBeGreaterThan(0.5);
  });

  it('gives way to what the placement itself shows', () => {
    const p = distribution(
      new Map([
        [0, [2000, 0.4]],
        [1, [2000, 0.2]],
        [2, [2000, 0.2]],
        [3, [2000, 0.2]],
      ]),
      prior,
    );
    expect(p[0]).toBeGreaterThan(0.99);
  });

  it('starts near what the placement would have learned by itself', () => {
    // Four campaigns, no trial: expected reward of the first decision, against the best (0.35) and an even choice (0.2175).
    const p = distribution(new Map(), prior);
    expect(p.reduce((sum, share, c) => sum + share * (0.2 + (WORLD.campaigns[c] ?? 0)), 0)).toBeGreaterThan(0.34);
  });
});
