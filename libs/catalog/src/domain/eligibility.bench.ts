import { bannerId, campaignId, placementId, type Clock } from '@vitrine/kernel';
import { createCelAudienceCompiler } from './cel-audience-compiler';
import { compileCatalog } from './compile-catalog';
import { eligibility } from './eligibility';
import type { Banner, Campaign, Catalog, EligibilityRequest, Placement } from './types';

export interface EligibilityBenchmark {
  readonly banners: number;
  readonly campaigns: number;
  readonly passes: number;
  readonly microsecondsPerPass: number;
}

const PLACEMENT = placementId('bench');
const BANNERS_PER_CAMPAIGN = 10;

/**
 * Times one eligibility pass over a placement with rules, caps, pacing and day-parts on every campaign.
 *
 * @param clock with a resolution of a millisecond or finer
 */
export function benchmarkEligibility(clock: Clock, { banners = 1_000, passes = 2_000 } = {}): EligibilityBenchmark {
  const catalog = benchCatalog(banners);
  const compiled = compileCatalog(catalog, createCelAudienceCompiler());
  let eligible = 0;
  for (let i = 0; i < passes / 10; i++) eligible += eligibility(compiled, PLACEMENT, benchRequest(i)).eligible.length;
  const start = clock.now();
  for (let i = 0; i < passes; i++) eligible += eligibility(compiled, PLACEMENT, benchRequest(i)).eligible.length;
  const elapsedMs = clock.now() - start;
  return {
    banners,
    campaigns: catalog.campaigns.size,
    passes: eligible > 0 ? passes : 0,
    microsecondsPerPass: (elapsedMs * 1_000) / passes,
  };
}

function benchRequest(i: number): EligibilityRequest {
  return {
    nowMs: 1_767_614_400_000 + i,
    device: i % 2 === 0 ? 'MOBILE' : 'DESKTOP',
    locale: 'de-CH',
    context: { category: 'shoes', productId: null, url: null },
    features: { hour: i % 24 },
    traits: { vip: i % 3 === 0, age: 20 + (i % 50) },
    segment: 'seg-1',
    exposures: () => i % 4,
    pacingDraw: () => (i % 10) / 10,
    excludedBannerIds: new Set(),
  };
}

function benchCatalog(count: number): Catalog {
  const campaigns = Array.from({ length: Math.ceil(count / BANNERS_PER_CAMPAIGN) }, (_, i) => benchCampaign(i));
  const banners = Array.from({ length: count }, (_, i) => benchBanner(i));
  return {
    revision: 1,
    placements: new Map([[PLACEMENT, BENCH_PLACEMENT]]),
    campaigns: new Map(campaigns.map((campaign) => [campaign.id, campaign])),
    banners: new Map(banners.map((banner) => [banner.id, banner])),
    livePolicies: new Map(),
  };
}

const BENCH_PLACEMENT: Placement = {
  id: PLACEMENT,
  surface: 'HOMEPAGE',
  name: 'Bench',
  slots: 3,
  sizes: { MOBILE: [{ width: 320, height: 100 }] },
  activation: 'IMPRESSION',
  reward: { weights: { CLICK: 1 }, valueWeight: 0, aggregation: 'FIRST', defaultReward: 0, min: 0, max: 1 },
  attributionWindowMs: 3_600_000,
  fallbackBannerIds: [],
  holdoutShare: 0,
};

function benchCampaign(i: number): Campaign {
  return {
    id: campaignId(`campaign-${i}`),
    name: `Campaign ${i}`,
    goal: null,
    placementIds: [PLACEMENT],
    enabled: true,
    startsAt: 0,
    endsAt: null,
    timeZone: i % 2 === 0 ? 'Europe/Zurich' : 'America/New_York',
    dayParts: [{ weekdays: [], fromMinute: 0, toMinute: 1_440 }],
    audience: `device == "MOBILE" || traits.age > ${20 + (i % 50)} || traits.vip`,
    tier: i % 3,
    frequencyCap: { limit: 3, windowMs: 86_400_000 },
    pacing: 0.9,
  };
}

function benchBanner(i: number): Banner {
  const creative = { media: 'IMAGE', width: 320, height: 100, altText: '', url: 'https://cdn.example/b.png' } as const;
  return {
    id: bannerId(`banner-${i}`),
    campaignId: campaignId(`campaign-${Math.floor(i / BANNERS_PER_CAMPAIGN)}`),
    name: `Banner ${i}`,
    landingUrl: 'https://shop.example/',
    category: 'shoes',
    tags: [],
    priceBand: null,
    enabled: true,
    creatives: [
      { id: 'any', ...creative, devices: [], locale: null },
      { id: 'de', ...creative, devices: ['MOBILE'], locale: 'de' },
    ],
  };
}
