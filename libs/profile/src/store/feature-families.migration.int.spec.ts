import { visitorId } from '@vitrine/kernel';
import { createPersonalSealer } from '@vitrine/platform';
import { fakeClock, useMongo } from '@vitrine/testing';
import { applyEvents, readFeatures } from '../domain/features/feature-catalogue';
import { newProfile } from '../domain/profile';
import { aProfileEvent } from '../domain/profile-event.fixture';
import { moveToFamilies } from './feature-families.migration';
import { MongoProfileRepository } from './mongo-profile.repository';
import { fromProfile } from './profile.mapper';
import { createVisitorHasher } from './visitor-hasher';

const sealer = createPersonalSealer([{ id: 1, key: new Uint8Array(32) }]);
const hasher = createVisitorHasher(new Uint8Array(32).fill(7));
const FLAT = {
  interests: [
    { key: 'shoes', value: 3, at: 5 },
    { key: 'hats', value: 1, at: 5 },
  ],
  exposures: [{ key: 'sale', at: [1, 2] }],
  dwellMs: 4_000,
  visits: 3,
  recentVisits: [{ from: 10, to: 20 }],
  productViews: 2,
  clicks: 1,
  purchases: 1,
  monetaryMinor: 900,
  lastSeenAt: 20,
  lastPurchaseAt: 15,
  lastCategory: 'shoes',
  lastCategoryAt: 5,
  lastProductId: null,
  lastProductAt: null,
};

describe('profiles of before families', () => {
  const mongo = useMongo();

  it('keep what they knew, learn on from it, and are moved once', async () => {
    const ids = Array.from({ length: 501 }, (_, i) => `p${i}`);
    const rows = ids.map((id) => {
      const row = fromProfile(newProfile({ id, alias: visitorId(`alias-${id}`), userId: null, nowMs: 0 }), sealer);
      return { ...row, features: id === 'p0' ? row.features : FLAT };
    });
    const stored = mongo.connection().collection<(typeof rows)[number]>('profiles');
    await stored.insertMany(rows);
    await mongo
      .connection()
      .collection<{ _id: string; profileId: string }>('profile_aliases')
      .insertMany(ids.map((id) => ({ _id: hasher.hash(visitorId(`alias-${id}`)), profileId: id })));
    await moveToFamilies(mongo.connection());
    await moveToFamilies(mongo.connection());
    const profiles = new MongoProfileRepository({
      connection: mongo.connection(),
      hasher,
      sealer,
      clock: fakeClock(),
      loadRefusals: false,
    });
    expect((await profiles.find(visitorId('alias-p0')))?.features).toEqual(rows[0]?.features);
    const moved = await profiles.find(visitorId('alias-p500'));
    if (moved === null) throw new RangeError('the profile is there');
    const later = applyEvents(moved.features, [aProfileEvent({ type: 'CLICK', category: 'hats', occurredAt: 5 })]);
    const read = Object.fromEntries(readFeatures(later, 5));
    expect(read).toMatchObject({ visits: 3, clicks: 2, monetaryMinor: 900, lastCategory: 'shoes', dwellSeconds: 4, productViews: 2 });
    expect(read['categoryInterest']).toEqual([
      { key: 'hats', value: 3 },
      { key: 'shoes', value: 3 },
    ]);
    expect(read['campaignExposure']).toEqual([{ key: 'sale', value: 2 }]);
  });
});
