import type { ClientSession, Connection } from 'mongoose';
import { trusted } from 'mongoose';
import type { CatalogLoader } from '../application/ports';
import { placementId, policyVersionId, type PlacementId } from '@vitrine/kernel';
import type { Banner, Campaign, Catalog, Placement, PolicyVersion } from '../domain/types';
import type { BannerDoc, CampaignDoc, CatalogHeadDoc, PlacementDoc, PolicyPointerDoc, PolicyVersionDoc } from './catalog.documents';
import { toBanner, toCampaign, toPlacement, toPolicyVersion } from './catalog.mapping';
import { catalogModels, type CatalogModels } from './catalog.schemas';

type LiveRow = Pick<PolicyPointerDoc, '_id' | 'liveNumber'>;

/** Reads the whole catalogue in one snapshot, so that its parts belong to the revision it carries. */
export class MongoCatalogLoader implements CatalogLoader {
  private readonly models: CatalogModels;

  constructor(private readonly connection: Connection) {
    this.models = catalogModels(connection);
  }

  async headRevision(): Promise<number> {
    const head = await this.models.head.findById('catalog').lean<CatalogHeadDoc>().exec();
    return head?.revision ?? 0;
  }

  async load(): Promise<Catalog> {
    const session = await this.connection.startSession();
    try {
      return await session.withTransaction(() => this.read(session), { readConcern: { level: 'snapshot' } });
    } finally {
      await session.endSession();
    }
  }

  /** One after the other: a session carries one operation at a time. */
  private async read(session: ClientSession): Promise<Catalog> {
    const head = await this.models.head.findById('catalog').session(session).lean<CatalogHeadDoc>().exec();
    const placements = await this.models.placements.find().session(session).lean<readonly PlacementDoc[]>().exec();
    const campaigns = await this.models.campaigns.find().session(session).lean<readonly CampaignDoc[]>().exec();
    const banners = await this.models.banners.find().session(session).lean<readonly BannerDoc[]>().exec();
    return {
      revision: head?.revision ?? 0,
      placements: byId<Placement>(placements.map(toPlacement)),
      campaigns: byId<Campaign>(campaigns.map(toCampaign)),
      banners: byId<Banner>(banners.map(toBanner)),
      livePolicies: await this.readLivePolicies(session),
    };
  }

  private async readLivePolicies(session: ClientSession): Promise<ReadonlyMap<PlacementId, PolicyVersion>> {
    const pointers = await this.models.pointers.find({}, { liveNumber: 1 }).session(session).lean<readonly LiveRow[]>().exec();
    const ids = pointers.map((pointer) => policyVersionId(placementId(pointer._id), pointer.liveNumber));
    if (ids.length === 0) return new Map();
    const rows = await this.models.versions
      .find({})
      .where('_id', trusted({ $in: ids }))
      .session(session)
      .lean<readonly PolicyVersionDoc[]>()
      .exec();
    return new Map(rows.map(toPolicyVersion).map((version) => [version.placementId, version]));
  }
}

function byId<T extends { readonly id: string }>(values: readonly T[]): ReadonlyMap<T['id'], T> {
  return new Map(values.map((value) => [value.id, value]));
}
