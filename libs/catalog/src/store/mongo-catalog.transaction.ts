import { invariant, type BannerId, type CampaignId, type PlacementId, type PolicyVersionId } from '@vitrine/kernel';
import { trusted, type ClientSession, type Model } from 'mongoose';
import type { CatalogTransaction, Stored } from '../application/ports';
import type { PolicyPointer } from '../domain/policy-pointer';
import type { Banner, Campaign, Placement, PolicyVersion } from '../domain/types';
import type { BannerDoc, CampaignDoc, PlacementDoc, PolicyPointerDoc, PolicyVersionDoc } from './catalog.documents';
import {
  fromBanner,
  fromCampaign,
  fromPlacement,
  fromPointer,
  fromPolicyVersion,
  toBanner,
  toCampaign,
  toPlacement,
  toPointer,
  toPolicyVersion,
} from './catalog.mapping';
import type { CatalogModels } from './catalog.schemas';

/** One catalogue change inside one session's transaction. */
export class MongoCatalogTransaction implements CatalogTransaction {
  constructor(
    private readonly models: CatalogModels,
    private readonly session: ClientSession,
    readonly revision: number,
  ) {}

  async findPlacement(id: PlacementId): Promise<Stored<Placement> | null> {
    const row = await this.models.placements.findById(id).session(this.session).lean<PlacementDoc>().exec();
    return row === null ? null : { value: toPlacement(row), revision: row.revision };
  }

  async findCampaign(id: CampaignId): Promise<Stored<Campaign> | null> {
    const row = await this.models.campaigns.findById(id).session(this.session).lean<CampaignDoc>().exec();
    return row === null ? null : { value: toCampaign(row), revision: row.revision };
  }

  async findBanner(id: BannerId): Promise<Stored<Banner> | null> {
    const row = await this.models.banners.findById(id).session(this.session).lean<BannerDoc>().exec();
    return row === null ? null : { value: toBanner(row), revision: row.revision };
  }

  existingPlacements(ids: readonly PlacementId[]): Promise<ReadonlySet<string>> {
    return this.existing(this.models.placements, ids);
  }

  existingCampaigns(ids: readonly CampaignId[]): Promise<ReadonlySet<string>> {
    return this.existing(this.models.campaigns, ids);
  }

  existingBanners(ids: readonly BannerId[]): Promise<ReadonlySet<string>> {
    return this.existing(this.models.banners, ids);
  }

  async savePlacement(placement: Placement): Promise<void> {
    const doc = fromPlacement(placement, this.revision);
    await this.models.placements.replaceOne({ _id: doc._id }, doc, { upsert: true, session: this.session }).exec();
  }

  async saveCampaign(campaign: Campaign): Promise<void> {
    const doc = fromCampaign(campaign, this.revision);
    await this.models.campaigns.replaceOne({ _id: doc._id }, doc, { upsert: true, session: this.session }).exec();
  }

  async saveBanner(banner: Banner): Promise<void> {
    const doc = fromBanner(banner, this.revision);
    await this.models.banners.replaceOne({ _id: doc._id }, doc, { upsert: true, session: this.session }).exec();
  }

  async findPointer(id: PlacementId): Promise<PolicyPointer | null> {
    const row = await this.models.pointers.findById(id).session(this.session).lean<PolicyPointerDoc>().exec();
    return row === null ? null : toPointer(row);
  }

  async savePointer(pointer: PolicyPointer): Promise<void> {
    const doc = fromPointer(pointer);
    await this.models.pointers.replaceOne({ _id: doc._id }, doc, { upsert: true, session: this.session }).exec();
  }

  async getPolicyVersion(id: PolicyVersionId): Promise<PolicyVersion> {
    const row = await this.models.versions.findById(id).session(this.session).lean<PolicyVersionDoc>().exec();
    invariant(row !== null, 'a pointer names versions that were inserted with it');
    return toPolicyVersion(row);
  }

  async insertPolicyVersion(version: PolicyVersion): Promise<void> {
    await this.models.versions.insertOne(fromPolicyVersion(version), { session: this.session });
  }

  private async existing<T>(model: Model<T>, ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    const rows = await model
      .find({}, { _id: 1 })
      .where('_id', trusted({ $in: [...ids] }))
      .session(this.session)
      .lean<readonly { readonly _id: string }[]>()
      .exec();
    return new Set(rows.map((row) => row._id));
  }
}
