import fc from 'fast-check';
import { aBanner, aCampaign, aCreative, aRequest, compiledFrom, HERO, NOON } from './catalog.fixtures';
import { eligibility } from './eligibility';
import { DEVICE_CLASSES, REJECTION_REASONS, type Banner, type Campaign } from './types';

const time = fc.option(fc.integer({ min: NOON - 2, max: NOON + 2 }));
const campaignParts = fc.record({
  enabled: fc.boolean(),
  startsAt: time,
  endsAt: time,
  audience: fc.constantFrom(null, 'traits.vip', 'device == "MOBILE"', 'traits.n > 3'),
  tier: fc.integer({ min: 0, max: 3 }),
  frequencyCap: fc.option(fc.record({ limit: fc.integer({ min: 1, max: 3 }), windowMs: fc.constant(1_000) })),
  pacing: fc.constantFrom(0.25, 0.5, 1),
});
const bannerParts = fc.record({
  owner: fc.nat(4),
  enabled: fc.boolean(),
  creatives: fc.array(fc.record({ devices: fc.subarray([...DEVICE_CLASSES]), locale: fc.constantFrom(null, 'de', 'de-CH', 'fr') }), {
    maxLength: 3,
  }),
});
const requestParts = fc.record({
  device: fc.constantFrom(...DEVICE_CLASSES),
  locale: fc.constantFrom(null, 'de-CH', 'fr-FR', 'en'),
  traits: fc.constantFrom({}, { vip: true, n: 4 }, { vip: 'x', n: 'y' }),
  exposures: fc.nat(3),
  draw: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  excluded: fc.array(fc.nat(9), { maxLength: 3 }),
});

const scene = fc.record({
  campaigns: fc.array(campaignParts, { minLength: 5, maxLength: 5 }),
  banners: fc.array(bannerParts, { maxLength: 10 }),
  request: requestParts,
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

function decide({ campaigns, banners, request }: Scene, order: 1 | -1 = 1) {
  const named: Campaign[] = campaigns.map((parts, i) => aCampaign(`c${i}`, parts));
  const owned: Banner[] = banners.map(({ owner, enabled, creatives }, i) =>
    aBanner(`b${i}`, `c${owner}`, { enabled, creatives: creatives.map((parts, j) => aCreative({ ...parts, id: `k${j}` })) }),
  );
  const compiled = compiledFrom({ campaigns: named, banners: order === 1 ? owned : owned.toReversed() });
  const result = eligibility(
    compiled,
    HERO,
    aRequest({
      ...request,
      exposures: () => request.exposures,
      pacingDraw: () => request.draw,
      excludedBannerIds: new Set(request.excluded.map((i) => `b${i}`)),
    }),
  );
  return { owned, named, result };
}

describe('eligibility', () => {
  it('puts every banner on exactly one of the two lists, both in id order', () => {
    fc.assert(
      fc.property(scene, (parts) => {
        const { owned, result } = decide(parts);
        const eligible = result.eligible.map(({ banner }) => banner.id);
        const rejected = result.rejected.map(({ bannerId }) => bannerId);
        expect([...eligible, ...rejected].sort()).toEqual(owned.map(({ id }) => id).sort());
        expect(eligible).toEqual([...eligible].sort());
        expect(rejected).toEqual([...rejected].sort());
        for (const { reason } of result.rejected) expect(REJECTION_REASONS).toContain(reason);
      }),
    );
  });

  it('offers one tier only, below every banner that was held back for its tier', () => {
    fc.assert(
      fc.property(scene, (parts) => {
        const { named, owned, result } = decide(parts);
        const tierOf = (id: string): number | undefined => {
          const campaign = owned.find((banner) => banner.id === id)?.campaignId;
          return named.find((candidate) => candidate.id === campaign)?.tier;
        };
        const tiers = new Set(result.eligible.map(({ banner }) => tierOf(banner.id)));
        const held = result.rejected.filter(({ reason }) => reason === 'LOWER_TIER').map(({ bannerId }) => tierOf(bannerId) ?? -1);
        expect(tiers.size).toBeLessThanOrEqual(1);
        if (tiers.size === 0) expect(held).toEqual([]);
        for (const tier of held) expect(tier).toBeGreaterThan([...tiers][0] ?? Number.POSITIVE_INFINITY);
      }),
    );
  });

  it('does not depend on the order in which the catalogue lists banners', () => {
    fc.assert(fc.property(scene, (parts) => void expect(decide(parts, -1).result).toEqual(decide(parts).result)));
  });

  it('admits nothing that is disabled, outside its flight, capped or held back by pacing', () => {
    fc.assert(
      fc.property(scene, (parts) => {
        const { named, result } = decide(parts);
        for (const { banner } of result.eligible) {
          const campaign = named.find(({ id }) => id === banner.campaignId);
          expect(banner.enabled && campaign?.enabled).toBe(true);
          expect(campaign?.startsAt ?? NOON).toBeLessThanOrEqual(NOON);
          expect(campaign?.endsAt ?? NOON + 1).toBeGreaterThan(NOON);
          expect(parts.request.exposures).toBeLessThan(campaign?.frequencyCap?.limit ?? Number.POSITIVE_INFINITY);
          expect(parts.request.draw).toBeLessThan(campaign?.pacing ?? 0);
        }
      }),
    );
  });
});
