import { Schema, type Connection, type Model } from 'mongoose';
import type { BannerDoc, CampaignDoc, CatalogHeadDoc, PlacementDoc, PolicyPointerDoc, PolicyVersionDoc } from './catalog.documents';

/** Fields that a document does not declare are a bug, not data; empty objects (`sizes`, `params`) are values. */
const options = (collection: string) =>
  ({ collection, strict: 'throw', minimize: false, versionKey: false, autoIndex: false, autoCreate: false }) as const;
const part = (definition: Record<string, unknown>) => new Schema(definition, { _id: false, strict: 'throw', minimize: false });
const text = { type: String, required: true } as const;
const number = { type: Number, required: true } as const;
const flag = { type: Boolean, required: true } as const;
const nullableText = { type: String, default: null } as const;
const nullableTime = { type: Date, default: null } as const;
const id = { type: String, required: true } as const;

const placementSchema = new Schema<PlacementDoc>(
  {
    _id: id,
    revision: number,
    surface: text,
    name: text,
    slots: number,
    sizes: { type: Schema.Types.Mixed, required: true },
    activation: text,
    reward: { type: Schema.Types.Mixed, required: true },
    attributionWindowMs: number,
    fallbackBannerIds: [String],
    holdoutShare: number,
  },
  options('placements'),
);

const campaignSchema = new Schema<CampaignDoc>(
  {
    _id: id,
    revision: number,
    name: text,
    goal: nullableText,
    placementIds: [String],
    enabled: flag,
    startsAt: nullableTime,
    endsAt: nullableTime,
    timeZone: text,
    dayParts: [part({ weekdays: [Number], fromMinute: number, toMinute: number })],
    audience: nullableText,
    tier: number,
    frequencyCap: { type: part({ limit: number, windowMs: number }), default: null },
    pacing: number,
  },
  options('campaigns'),
);

const bannerSchema = new Schema<BannerDoc>(
  {
    _id: id,
    revision: number,
    campaignId: text,
    name: text,
    landingUrl: text,
    category: nullableText,
    tags: [String],
    priceBand: nullableText,
    enabled: flag,
    creatives: [
      part({ id: text, media: text, width: number, height: number, devices: [String], locale: nullableText, altText: String, url: text }),
    ],
  },
  options('banners'),
);

const policyVersionSchema = new Schema<PolicyVersionDoc>(
  {
    _id: id,
    placementId: text,
    number,
    policy: { type: Schema.Types.Mixed, required: true },
    features: { type: [Schema.Types.Mixed], required: true },
    dimension: number,
    featureSchema: number,
    createdAt: { type: Date, required: true },
    createdBy: text,
  },
  options('policy_versions'),
);

const policyPointerSchema = new Schema<PolicyPointerDoc>(
  {
    _id: id,
    liveNumber: number,
    lastNumber: number,
    history: [part({ kind: text, number, at: { type: Date, required: true }, by: text })],
  },
  options('policy_pointers'),
);

const catalogHeadSchema = new Schema<CatalogHeadDoc>({ _id: id, revision: number }, options('catalog_head'));

export interface CatalogModels {
  readonly placements: Model<PlacementDoc>;
  readonly campaigns: Model<CampaignDoc>;
  readonly banners: Model<BannerDoc>;
  readonly versions: Model<PolicyVersionDoc>;
  readonly pointers: Model<PolicyPointerDoc>;
  readonly head: Model<CatalogHeadDoc>;
}

/** The catalogue's models on this connection; asking twice gives the same ones. */
export function catalogModels(connection: Connection): CatalogModels {
  return {
    placements: modelOf(connection, 'CatalogPlacement', placementSchema),
    campaigns: modelOf(connection, 'CatalogCampaign', campaignSchema),
    banners: modelOf(connection, 'CatalogBanner', bannerSchema),
    versions: modelOf(connection, 'CatalogPolicyVersion', policyVersionSchema),
    pointers: modelOf(connection, 'CatalogPolicyPointer', policyPointerSchema),
    head: modelOf(connection, 'CatalogHead', catalogHeadSchema),
  };
}

function modelOf<T>(connection: Connection, name: string, schema: Schema<T>): Model<T> {
  return connection.models[name] ?? connection.model<T>(name, schema);
}
