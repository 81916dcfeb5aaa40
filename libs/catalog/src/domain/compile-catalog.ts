import type { BannerId, CampaignId, PlacementId } from '@vitrine/kernel';
import type { AudienceCompiler, AudienceProgram } from './audience';
import type { Candidate, CatalogFault, CompiledCampaign, CompiledCatalog, CompiledPlacement } from './compiled-catalog';
import { createLocalTime, type LocalTime } from './local-time';
import { REJECTION_REASONS, type Campaign, type Catalog, type Placement } from './types';

/** A rule that does not compile admits nobody: to show a campaign to everybody instead would be worse. */
const NOBODY: AudienceProgram = { evaluate: () => 'FAILED' };

/**
 * Precomputes per placement what does not depend on a request. Never throws for stored data: a rule or time zone that cannot be read stops
 * its own campaign only and is named in `faults`.
 */
export function compileCatalog(catalog: Catalog, audiences: AudienceCompiler): CompiledCatalog {
  const faults: CatalogFault[] = [];
  const campaigns = new Map<CampaignId, CompiledCampaign>();
  for (const campaign of catalog.campaigns.values()) {
    campaigns.set(campaign.id, compileCampaign(campaign, { ordinal: campaigns.size, audiences, faults }));
  }
  const candidates = candidatesById(catalog, campaigns);
  const placements = new Map<PlacementId, CompiledPlacement>();
  for (const placement of catalog.placements.values()) placements.set(placement.id, compilePlacement(placement, candidates));
  return { catalog, revision: catalog.revision, placements, campaigns: [...campaigns.values()], locales: localesOf(catalog), faults };
}

interface CampaignSurroundings {
  readonly ordinal: number;
  readonly audiences: AudienceCompiler;
  readonly faults: CatalogFault[];
}

function compileCampaign(campaign: Campaign, { ordinal, audiences, faults }: CampaignSurroundings): CompiledCampaign {
  let localTime: LocalTime | null = null;
  try {
    localTime = createLocalTime(campaign.timeZone);
  } catch {
    faults.push({ campaignId: campaign.id, field: 'timeZone', message: 'unknown time zone' });
  }
  let audience: AudienceProgram | null = null;
  if (campaign.audience !== null) {
    const compiled = audiences.compile(campaign.audience);
    audience = compiled.ok ? compiled.value : NOBODY;
    if (!compiled.ok) faults.push({ campaignId: campaign.id, field: 'audience', message: compiled.error.message });
  }
  return { ordinal, campaign, audience, localTime, failures: 0 };
}

/** A banner whose campaign is missing can only come from damaged data and is left out. */
function candidatesById(catalog: Catalog, campaigns: ReadonlyMap<CampaignId, CompiledCampaign>): ReadonlyMap<BannerId, Candidate> {
  const candidates = new Map<BannerId, Candidate>();
  for (const banner of [...catalog.banners.values()].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const campaign = campaigns.get(banner.campaignId);
    if (campaign === undefined) continue;
    const rejections = REJECTION_REASONS.map((reason) => ({ bannerId: banner.id, reason }));
    candidates.set(banner.id, { banner, campaign, rejections });
  }
  return candidates;
}

function compilePlacement(placement: Placement, all: ReadonlyMap<BannerId, Candidate>): CompiledPlacement {
  const candidates = [...all.values()].filter(({ campaign }) => campaign.campaign.placementIds.includes(placement.id));
  const fallbacks = placement.fallbackBannerIds.flatMap((id) => {
    const candidate = all.get(id);
    return candidate?.banner.enabled === true && candidate.campaign.campaign.enabled ? [candidate] : [];
  });
  return { placement, candidates, fallbacks, candidateOffers: new Map(), fallbackOffers: new Map() };
}

function localesOf(catalog: Catalog): ReadonlySet<string> {
  const locales = new Set<string>();
  for (const { creatives } of catalog.banners.values()) {
    for (const { locale } of creatives) if (locale !== null) locales.add(locale.toLowerCase());
  }
  return locales;
}
