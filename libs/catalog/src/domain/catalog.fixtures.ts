import { bannerId, campaignId, placementId, policyVersionId } from '@vitrine/kernel';
import { createCelAudienceCompiler } from './cel-audience-compiler';
import { compileCatalog } from './compile-catalog';
import type { CompiledCatalog } from './compiled-catalog';
import type { Banner, Campaign, Catalog, Creative, EligibilityRequest, Placement, PolicyVersion } from './types';

/** Monday 5 January 2026, 12:00 UTC. */
export const NOON = Date.UTC(2026, 0, 5, 12);
export const HERO = placementId('home-hero');

export function aPlacement(overrides: Partial<Placement> = {}): Placement {
  return {
    id: HERO,
    surface: 'HOMEPAGE',
    name: 'Hero',
    slots: 1,
    sizes: {},
    activation: 'IMPRESSION',
    reward: { weights: { CLICK: 1 }, valueWeight: 0, aggregation: 'FIRST', defaultReward: 0, min: 0, max: 1 },
    attributionWindowMs: 3_600_000,
    fallbackBannerIds: [],
    holdoutShare: 0,
    ...overrides,
  };
}

export function aCampaign(id: string, overrides: Partial<Campaign> = {}): Campaign {
  return {
    id: campaignId(id),
    name: id,
    goal: null,
    placementIds: [HERO],
    enabled: true,
    startsAt: null,
    endsAt: null,
    timeZone: 'UTC',
    dayParts: [],
    audience: null,
    tier: 0,
    frequencyCap: null,
    pacing: 1,
    ...overrides,
  };
}

export function aCreative(overrides: Partial<Creative> = {}): Creative {
  const url = 'https://cdn.example/a.png';
  return { id: 'main', media: 'IMAGE', width: 320, height: 100, devices: [], locale: null, altText: 'A', url, ...overrides };
}

export function aBanner(id: string, campaign: string, overrides: Partial<Banner> = {}): Banner {
  return {
    id: bannerId(id),
    campaignId: campaignId(campaign),
    name: id,
    landingUrl: 'https://shop.example/',
    category: null,
    tags: [],
    priceBand: null,
    enabled: true,
    creatives: [aCreative()],
    ...overrides,
  };
}

export function aPolicyVersion(overrides: Partial<PolicyVersion> = {}): PolicyVersion {
  return {
    id: policyVersionId(HERO, 1),
    placementId: HERO,
    number: 1,
    policy: { name: 'uniform', params: {}, floor: 0 },
    features: [],
    dimension: 0,
    featureSchema: 0,
    createdAt: NOON,
    createdBy: 'staff:ada',
    ...overrides,
  };
}

export interface CatalogParts {
  readonly placements?: readonly Placement[];
  readonly campaigns: readonly Campaign[];
  readonly banners: readonly Banner[];
}

export function aCatalog({ placements = [aPlacement()], campaigns, banners }: CatalogParts): Catalog {
  return {
    revision: 7,
    placements: new Map(placements.map((placement) => [placement.id, placement])),
    campaigns: new Map(campaigns.map((campaign) => [campaign.id, campaign])),
    banners: new Map(banners.map((banner) => [banner.id, banner])),
    livePolicies: new Map(),
  };
}

export function compiledFrom(parts: CatalogParts): CompiledCatalog {
  return compileCatalog(aCatalog(parts), createCelAudienceCompiler());
}

export function aRequest(overrides: Partial<EligibilityRequest> = {}): EligibilityRequest {
  return {
    nowMs: NOON,
    device: 'MOBILE',
    locale: null,
    context: { category: null, productId: null, url: null },
    features: {},
    traits: {},
    segment: null,
    exposures: () => 0,
    pacingDraw: () => 0,
    excludedBannerIds: new Set(),
    ...overrides,
  };
}
