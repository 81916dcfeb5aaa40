import { campaignId } from '@vitrine/kernel';
import type { AudienceCompiler } from '../domain/audience';
import { validateCampaign } from '../domain/campaign.validation';
import type { Campaign } from '../domain/types';
import { changeCatalog, checkRevision, type CatalogChangeDeps } from './catalog-change';
import { patched, patchedMandatory, type Patch } from './patch';
import type { Stored } from './ports';

export interface CampaignPatch extends Patch<Omit<Campaign, 'id'>> {
  readonly id: string;
  /** The revision that the caller saw; see `checkRevision`. */
  readonly expectedRevision?: number | null | undefined;
}

export interface UpsertCampaignDeps extends CatalogChangeDeps {
  readonly audiences: AudienceCompiler;
}

/** Creates or changes a campaign. A new one needs `name`; it then runs everywhere it is placed, at once, for everybody. */
export class UpsertCampaign {
  constructor(private readonly deps: UpsertCampaignDeps) {}

  /** @throws DomainError BAD_USER_INPUT, UNKNOWN_PLACEMENT, RULE_INVALID or STALE_WRITE */
  execute(patch: CampaignPatch): Promise<Stored<Campaign>> {
    const id = campaignId(patch.id);
    return changeCatalog(this.deps, id, async (transaction) => {
      const current = await transaction.findCampaign(id);
      checkRevision(current, patch.expectedRevision);
      const campaign = patchCampaign(current?.value, { ...patch, id });
      const placementIds = await transaction.existingPlacements(campaign.placementIds);
      validateCampaign(campaign, { placementIds, audiences: this.deps.audiences });
      await transaction.saveCampaign(campaign);
      return campaign;
    });
  }
}

function patchCampaign(current: Campaign | undefined, patch: CampaignPatch & Pick<Campaign, 'id'>): Campaign {
  const before: Partial<Campaign> = current ?? {};
  return {
    id: patch.id,
    name: patchedMandatory('name', patch.name, before.name),
    goal: patched<string | null>(patch.goal, before.goal, null),
    placementIds: patched(patch.placementIds, before.placementIds, []),
    enabled: patched(patch.enabled, before.enabled, true),
    startsAt: patched<number | null>(patch.startsAt, before.startsAt, null),
    endsAt: patched<number | null>(patch.endsAt, before.endsAt, null),
    timeZone: patched(patch.timeZone, before.timeZone, 'UTC'),
    dayParts: patched(patch.dayParts, before.dayParts, []),
    audience: patched<string | null>(patch.audience, before.audience, null),
    tier: patched(patch.tier, before.tier, 0),
    frequencyCap: patched<Campaign['frequencyCap']>(patch.frequencyCap, before.frequencyCap, null),
    pacing: patched(patch.pacing, before.pacing, 1),
  };
}
