import { bannerId, campaignId, placementId, policyVersionId } from '@vitrine/kernel';
import type { PolicyPointer } from '../domain/policy-pointer';
import type { Banner, Campaign, Placement, PolicyVersion } from '../domain/types';
import type { BannerDoc, CampaignDoc, PlacementDoc, PolicyPointerDoc, PolicyVersionDoc } from './catalog.documents';

const timeOrNull = (date: Date | null): number | null => (date === null ? null : date.getTime());
const dateOrNull = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

export function toPlacement({ _id, revision: _, fallbackBannerIds, ...rest }: PlacementDoc): Placement {
  return { ...rest, id: placementId(_id), fallbackBannerIds: fallbackBannerIds.map(bannerId) };
}

export function fromPlacement({ id, ...rest }: Placement, revision: number): PlacementDoc {
  return { _id: id, revision, ...rest };
}

export function toCampaign({ _id, revision: _, placementIds, startsAt, endsAt, ...rest }: CampaignDoc): Campaign {
  return {
    ...rest,
    id: campaignId(_id),
    placementIds: placementIds.map(placementId),
    startsAt: timeOrNull(startsAt),
    endsAt: timeOrNull(endsAt),
  };
}

export function fromCampaign({ id, startsAt, endsAt, ...rest }: Campaign, revision: number): CampaignDoc {
  return { _id: id, revision, ...rest, startsAt: dateOrNull(startsAt), endsAt: dateOrNull(endsAt) };
}

export function toBanner({ _id, revision: _, campaignId: campaign, ...rest }: BannerDoc): Banner {
  return { ...rest, id: bannerId(_id), campaignId: campaignId(campaign) };
}

export function fromBanner({ id, ...rest }: Banner, revision: number): BannerDoc {
  return { _id: id, revision, ...rest };
}

export function toPolicyVersion({ _id: _, placementId: placement, createdAt, ...rest }: PolicyVersionDoc): PolicyVersion {
  const id = placementId(placement);
  return { ...rest, id: policyVersionId(id, rest.number), placementId: id, createdAt: createdAt.getTime() };
}

export function fromPolicyVersion({ id, createdAt, ...rest }: PolicyVersion): PolicyVersionDoc {
  return { _id: id, ...rest, createdAt: new Date(createdAt) };
}

export function toPointer({ _id, history, ...rest }: PolicyPointerDoc): PolicyPointer {
  return { ...rest, placementId: placementId(_id), history: history.map((move) => ({ ...move, at: move.at.getTime() })) };
}

export function fromPointer({ placementId: id, history, ...rest }: PolicyPointer): PolicyPointerDoc {
  return { _id: id, ...rest, history: history.map((move) => ({ ...move, at: new Date(move.at) })) };
}
