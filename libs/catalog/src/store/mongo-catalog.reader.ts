import type { BannerId, CampaignId, PlacementId } from '@vitrine/kernel';
import { trusted, type Connection } from 'mongoose';
import type { CampaignFilter, CampaignPage, CampaignQuery, CatalogReader, PolicyListing, Stored } from '../application/ports';
import type { Banner, Placement } from '../domain/types';
import type { BannerDoc, CampaignDoc, PlacementDoc, PolicyPointerDoc, PolicyVersionDoc } from './catalog.documents';
import { toBanner, toCampaign, toPlacement, toPolicyVersion } from './catalog.mapping';
import { catalogModels, type CatalogModels } from './catalog.schemas';

/** What internal screens read, straight from the database: a change is visible to its author at once. */
export class MongoCatalogReader implements CatalogReader {
  private readonly models: CatalogModels;

  constructor(connection: Connection) {
    this.models = catalogModels(connection);
  }

  async findPlacement(id: PlacementId): Promise<Stored<Placement> | null> {
    const row = await this.models.placements.findById(id).lean<PlacementDoc>().exec();
    return row === null ? null : { value: toPlacement(row), revision: row.revision };
  }

  async listPlacements(): Promise<readonly Stored<Placement>[]> {
    const rows = await this.models.placements.find().sort({ _id: 1 }).lean<readonly PlacementDoc[]>().exec();
    return rows.map((row) => ({ value: toPlacement(row), revision: row.revision }));
  }

  async listCampaigns({ filter, first, after }: CampaignQuery): Promise<CampaignPage> {
    const rows = await this.models.campaigns
      .find(campaignConditions(filter, after))
      .sort({ _id: 1 })
      .limit(first + 1)
      .lean<readonly CampaignDoc[]>()
      .exec();
    return {
      rows: rows.slice(0, first).map((row) => ({ value: toCampaign(row), revision: row.revision })),
      hasNext: rows.length > first,
    };
  }

  listBanners(campaigns: readonly CampaignId[]): Promise<readonly Stored<Banner>[]> {
    return this.bannersWhere('campaignId', campaigns);
  }

  findBanners(ids: readonly BannerId[]): Promise<readonly Stored<Banner>[]> {
    return this.bannersWhere('_id', ids);
  }

  async listPolicies(id: PlacementId): Promise<PolicyListing> {
    const rows = await this.models.versions.find({ placementId: id }).sort({ number: -1 }).lean<readonly PolicyVersionDoc[]>().exec();
    const pointer = await this.models.pointers.findById(id, { liveNumber: 1 }).lean<Pick<PolicyPointerDoc, 'liveNumber'>>().exec();
    return { versions: rows.map(toPolicyVersion), live: pointer?.liveNumber ?? null };
  }

  private async bannersWhere(field: '_id' | 'campaignId', values: readonly string[]): Promise<readonly Stored<Banner>[]> {
    const rows = await this.models.banners
      .find({})
      .where(field, trusted({ $in: [...values] }))
      .sort({ _id: 1 })
      .lean<readonly BannerDoc[]>()
      .exec();
    return rows.map((row) => ({ value: toBanner(row), revision: row.revision }));
  }
}

function campaignConditions({ placementId, enabled, text }: CampaignFilter, after: string | null) {
  const pattern = text === null ? null : trusted({ $regex: text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), $options: 'i' });
  return {
    ...(after === null ? {} : { _id: trusted({ $gt: after }) }),
    ...(placementId === null ? {} : { placementIds: placementId }),
    ...(enabled === null ? {} : { enabled }),
    ...(pattern === null ? {} : { $or: trusted([{ name: pattern }, { _id: pattern }]) }),
  };
}
