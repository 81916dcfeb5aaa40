import type { CampaignId } from '@vitrine/kernel';
import type { CatalogReader } from '../application/ports';
import { ManagedBannerType } from './banner.types';
import type { CampaignBanners } from './campaign.types';

/** Banners of the given campaigns with one query for all of them, made when the first is asked for. */
export function campaignBanners(reader: Pick<CatalogReader, 'listBanners'>, ids: readonly CampaignId[]): CampaignBanners {
  let asked: Promise<ReadonlyMap<string, readonly ManagedBannerType[]>> | null = null;
  return async ({ id }) => (await (asked ??= read(reader, ids))).get(id) ?? [];
}

async function read(reader: Pick<CatalogReader, 'listBanners'>, ids: readonly CampaignId[]) {
  const byCampaign = new Map<string, ManagedBannerType[]>(ids.map((id) => [id, []]));
  for (const stored of await reader.listBanners(ids)) byCampaign.get(stored.value.campaignId)?.push(new ManagedBannerType(stored));
  return byCampaign;
}
