import type { Connection } from 'mongoose';
import { emptyFeatures, type BehaviouralFeatures } from '../domain/features/feature-catalogue';
import type { VisitSpan } from '../domain/visits';

/** Features as profiles held them before they were kept by family. */
interface FlatFeatures {
  readonly interests: readonly { readonly key: string; readonly value: number; readonly at: number }[];
  readonly exposures: readonly { readonly key: string; readonly at: readonly number[] }[];
  readonly dwellMs: number;
  readonly visits: number;
  readonly recentVisits: readonly Omit<VisitSpan, 'events'>[];
  readonly productViews: number;
  readonly clicks: number;
  readonly purchases: number;
  readonly monetaryMinor: number;
  readonly lastSeenAt: number | null;
  readonly lastPurchaseAt: number | null;
  readonly lastCategory: string | null;
  readonly lastCategoryAt: number | null;
  readonly lastProductId: string | null;
  readonly lastProductAt: number | null;
}

interface Row {
  readonly _id: string;
  readonly version: number;
  readonly features: FlatFeatures | BehaviouralFeatures;
}

const BATCH = 500;

/** Profiles keep their features by family. One that changes while it is moved has been written by an older release: run that down first. */
export async function moveToFamilies(connection: Connection): Promise<void> {
  const profiles = connection.collection<Row>('profiles');
  for (;;) {
    const rows = await profiles
      .find({ 'features.recentVisits': { $exists: true } })
      .limit(BATCH)
      .toArray();
    if (rows.length === 0) return;
    await profiles.bulkWrite(
      rows.map(({ _id, version, features }) => ({
        updateOne: { filter: { _id, version }, update: { $set: { features: 'visit' in features ? features : byFamily(features) } } },
      })),
    );
  }
}

function byFamily(flat: FlatFeatures): BehaviouralFeatures {
  const empty = emptyFeatures();
  const recent = flat.recentVisits.map(({ from, to }) => ({ from, to, events: to > from ? 2 : 1 }));
  const older = { visits: flat.visits - recent.length, lengthMs: 0, bounces: 0 };
  return {
    ...empty,
    visit: { history: { recent, older }, lastSeenAt: flat.lastSeenAt },
    interest: {
      ...empty.interest,
      categories: sorted(flat.interests),
      category: { value: flat.lastCategory, at: flat.lastCategoryAt },
      product: { value: flat.lastProductId, at: flat.lastProductAt },
    },
    engagement: { ...empty.engagement, dwellMs: flat.dwellMs, productViews: flat.productViews, clicks: flat.clicks },
    purchase: { purchases: flat.purchases, monetaryMinor: flat.monetaryMinor, lastPurchaseAt: flat.lastPurchaseAt },
    exposure: { ...empty.exposure, campaigns: sorted(flat.exposures) },
  };
}

function sorted<T extends { readonly key: string }>(entries: readonly T[]): readonly T[] {
  return entries.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
