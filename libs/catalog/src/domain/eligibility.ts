import { DomainError, invariant, type PlacementId } from '@vitrine/kernel';
import {
  knownLocale,
  type Candidate,
  type CompiledCampaign,
  type CompiledCatalog,
  type CompiledPlacement,
  type Offers,
  type Rejection,
} from './compiled-catalog';
import { isInDayParts } from './day-part';
import { openEligibilityPage, type EligibilityPage } from './eligibility-page';
import { candidateOffers } from './offers';
import { REJECTION_REASONS, type Eligibility, type EligibilityRequest, type EligibleBanner, type RejectionReason } from './types';

const indexOf = (reason: RejectionReason): number => REJECTION_REASONS.indexOf(reason);
const BANNER_DISABLED = indexOf('BANNER_DISABLED');
const CAMPAIGN_DISABLED = indexOf('CAMPAIGN_DISABLED');
const BEFORE_FLIGHT = indexOf('BEFORE_FLIGHT');
const AFTER_FLIGHT = indexOf('AFTER_FLIGHT');
const OUTSIDE_DAY_PART = indexOf('OUTSIDE_DAY_PART');
const AUDIENCE = indexOf('AUDIENCE');
const NO_CREATIVE = indexOf('NO_CREATIVE');
const FREQUENCY_CAP = indexOf('FREQUENCY_CAP');
const EXCLUDED = indexOf('EXCLUDED');
const PACING = indexOf('PACING');
const LOWER_TIER = indexOf('LOWER_TIER');
const PASSED = -1;

/**
 * Splits the banners of one placement into those a policy may choose and those it may not, each with its first reason in this order:
 * enabled, flight, day-parts, audience, creative, frequency cap, exclusion, pacing, tier. Both lists are in banner id order.
 *
 * Runs per decision: allocates the two lists and, without a shared page, its scratch memory.
 *
 * @param page shared by the placements of one page, so that rules and caps are asked once per campaign; their requests may differ in
 *   `excludedBannerIds` and `pacingDraw` only
 * @throws DomainError UNKNOWN_PLACEMENT
 */
export function eligibility(
  compiled: CompiledCatalog,
  id: PlacementId,
  request: EligibilityRequest,
  page: EligibilityPage = openEligibilityPage(compiled),
): Eligibility {
  const target = compiled.placements.get(id);
  if (target === undefined) throw new DomainError('UNKNOWN_PLACEMENT', undefined, { details: { placementId: id } });
  invariant(page.compiled === compiled, 'a page belongs to the catalogue it was opened on');
  page.draws.fill(0);
  const offers = candidateOffers(target, { device: request.device, locale: knownLocale(compiled, request.locale) });
  const bestTier = judge(target, { offers, request, page });
  return collect(target, { offers, verdicts: page.verdicts, bestTier });
}

interface Judgement {
  readonly offers: Offers;
  readonly request: EligibilityRequest;
  readonly page: EligibilityPage;
}

/** Fills `page.verdicts` and gives the lowest tier of those that passed. */
function judge({ candidates }: CompiledPlacement, { offers, request, page }: Judgement): number {
  let bestTier = Number.POSITIVE_INFINITY;
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i];
    if (candidate === undefined) continue;
    const reason = offers[i] === null ? rejectWithoutCreative(candidate, request, page) : firstReason(candidate, request, page);
    page.verdicts[i] = reason + 1;
    if (reason === PASSED) bestTier = Math.min(bestTier, candidate.campaign.campaign.tier);
  }
  return bestTier;
}

function rejectWithoutCreative({ banner, campaign }: Candidate, request: EligibilityRequest, page: EligibilityPage): number {
  if (!banner.enabled) return BANNER_DISABLED;
  const gate = campaignGate(campaign, request, page);
  return gate === PASSED ? NO_CREATIVE : gate;
}

function firstReason({ banner, campaign }: Candidate, request: EligibilityRequest, page: EligibilityPage): number {
  if (!banner.enabled) return BANNER_DISABLED;
  const gate = campaignGate(campaign, request, page);
  if (gate !== PASSED) return gate;
  if (isCapped(campaign, request, page)) return FREQUENCY_CAP;
  if (request.excludedBannerIds.has(banner.id)) return EXCLUDED;
  return takesPart(campaign, request, page) ? PASSED : PACING;
}

function collect(
  { candidates }: CompiledPlacement,
  { offers, verdicts, bestTier }: { readonly offers: Offers; readonly verdicts: Uint8Array; readonly bestTier: number },
): Eligibility {
  const eligible: EligibleBanner[] = [];
  const rejected: Rejection[] = [];
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i];
    if (candidate === undefined) continue;
    const offer = offers[i];
    const verdict = (verdicts[i] ?? 0) - 1;
    const passed = verdict === PASSED && candidate.campaign.campaign.tier === bestTier;
    if (passed && offer !== null && offer !== undefined) {
      eligible.push(offer);
      continue;
    }
    const rejection = candidate.rejections[verdict === PASSED ? LOWER_TIER : verdict];
    if (rejection !== undefined) rejected.push(rejection);
  }
  return { eligible, rejected };
}

/** What a campaign says to this visitor at this moment, whatever the banner. */
function campaignGate(compiled: CompiledCampaign, request: EligibilityRequest, page: EligibilityPage): number {
  const known = page.gates[compiled.ordinal] ?? 0;
  if (known > 0) return known - 2;
  const reason = judgeCampaign(compiled, request, page);
  page.gates[compiled.ordinal] = reason + 2;
  return reason;
}

function judgeCampaign(compiled: CompiledCampaign, request: EligibilityRequest, page: EligibilityPage): number {
  const { campaign, localTime } = compiled;
  const { nowMs } = request;
  if (!campaign.enabled) return CAMPAIGN_DISABLED;
  if (campaign.startsAt !== null && nowMs < campaign.startsAt) return BEFORE_FLIGHT;
  if (campaign.endsAt !== null && nowMs >= campaign.endsAt) return AFTER_FLIGHT;
  if (campaign.dayParts.length > 0 && (localTime === null || !isInDayParts(campaign.dayParts, localTime(nowMs)))) return OUTSIDE_DAY_PART;
  return isAdmitted(compiled, request, page) ? PASSED : AUDIENCE;
}

function isAdmitted(compiled: CompiledCampaign, request: EligibilityRequest, page: EligibilityPage): boolean {
  if (compiled.audience === null) return true;
  const { context, features, traits, segment, device, locale } = request;
  page.audienceInput ??= { context, features, traits, segment, device, locale };
  const verdict = compiled.audience.evaluate(page.audienceInput);
  if (verdict === 'FAILED') compiled.failures += 1;
  return verdict === 'ADMITTED';
}

function isCapped({ ordinal, campaign }: CompiledCampaign, request: EligibilityRequest, page: EligibilityPage): boolean {
  if (campaign.frequencyCap === null) return false;
  const known = page.caps[ordinal] ?? 0;
  if (known > 0) return known === 2;
  const { limit, windowMs } = campaign.frequencyCap;
  const capped = request.exposures(campaign.id, windowMs) >= limit;
  page.caps[ordinal] = capped ? 2 : 1;
  return capped;
}

function takesPart({ ordinal, campaign }: CompiledCampaign, request: EligibilityRequest, page: EligibilityPage): boolean {
  if (campaign.pacing >= 1) return true;
  const known = page.draws[ordinal] ?? 0;
  if (known > 0) return known === 1;
  const passes = request.pacingDraw(campaign.id) < campaign.pacing;
  page.draws[ordinal] = passes ? 1 : 2;
  return passes;
}
