import type { Catalog, Placement, PolicyVersion } from '@vitrine/catalog';
import { bannerId, campaignId, DomainError, placementId, policyVersionId } from '@vitrine/kernel';
import { CatalogPriors } from './catalog-priors';

const REWARD = { weights: { CLICK: 1, PURCHASE: 5 }, valueWeight: 0, aggregation: 'SUM', defaultReward: 0, min: 0, max: 10 } as const;

function aPlacement(id: string, over: Partial<Placement> = {}): Placement {
  return {
    id: placementId(id),
    surface: 'HOMEPAGE',
    name: id,
    slots: 1,
    sizes: {},
    activation: 'IMPRESSION',
    reward: REWARD,
    attributionWindowMs: 1,
    fallbackBannerIds: [],
    holdoutShare: 0,
    ...over,
  };
}

function aVersion(id: string, number: number): PolicyVersion {
  const placement = placementId(id);
  const policy = { name: 'uniform', params: {}, floor: 0 };
  const made = { createdAt: 0, createdBy: 'spec' };
  return {
    id: policyVersionId(placement, number),
    placementId: placement,
    number,
    policy,
    features: [],
    dimension: 0,
    featureSchema: 0,
    ...made,
  };
}

function priorsOf(placements: readonly Placement[], banners: Catalog['banners'] = new Map()) {
  return new CatalogPriors({
    reader: {
      listPlacements: async () => placements.map((value) => ({ value, revision: 1 })),
      listPolicies: async (id) => ({ versions: [3, 2, 1].map((number) => aVersion(id, number)), live: 2 }),
    },
    catalog: { current: () => ({ catalog: { ...NOTHING, banners } }) },
  });
}
const NOTHING = { revision: 1, placements: new Map(), campaigns: new Map(), livePolicies: new Map() };

describe('what the catalogue tells priors', () => {
  it('puts the live version of a placement before the others', async () => {
    const [placement] = await priorsOf([aPlacement('hero')]).listPlacements();
    expect(placement).toMatchObject({ placementId: 'hero', surface: 'HOMEPAGE' });
    expect(placement?.versions.map(({ id }) => id)).toEqual(['hero@2', 'hero@3', 'hero@1']);
  });

  it('compares placements that reward the same things alike, however they are written, and no others', async () => {
    const { weights, ...rest } = REWARD;
    const listed = await priorsOf([
      aPlacement('a'),
      aPlacement('b', { reward: { ...rest, weights: { PURCHASE: weights.PURCHASE, CLICK: weights.CLICK } } }),
      aPlacement('c', { reward: { ...REWARD, max: 20 } }),
      aPlacement('d', { activation: 'VIEWABLE_IMPRESSION' }),
    ]).listPlacements();
    const [a, b, c, d] = listed.map(({ rewardScale }) => rewardScale);
    expect(b).toBe(a);
    expect(new Set([a, c, d]).size).toBe(3);
  });

  it('tells the groups of banners, none for one that is gone, and says so while it has not been read', async () => {
    const banner = {
      id: bannerId('b1'),
      campaignId: campaignId('summer'),
      name: 'b1',
      landingUrl: 'https://shop.example',
      category: 'hats',
    };
    const banners = new Map([[banner.id, { ...banner, tags: [], priceBand: null, enabled: true, creatives: [] }]]);
    const identify = await priorsOf([], banners).identities();
    expect(identify(banner.id)).toEqual({ id: 'b1', groups: ['campaign:summer', 'category:hats'] });
    expect(identify(bannerId('gone')).groups).toEqual([]);
    const unread = new CatalogPriors({
      reader: { listPlacements: async () => [], listPolicies: async () => ({ versions: [], live: null }) },
      catalog: {
        current: () => {
          throw new DomainError('DEPENDENCY_UNAVAILABLE');
        },
      },
    });
    await expect(unread.identities()).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
  });
});
