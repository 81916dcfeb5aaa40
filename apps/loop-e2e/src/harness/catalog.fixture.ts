import { eventually } from '@vitrine/testing';
import { SECRET_KEY, type LoopApi } from './loop-api';

const CATALOG = `mutation {
  hero: upsertPlacement(input: { id: "hero", surface: HOMEPAGE, name: "Hero", slots: 2, activation: IMPRESSION, attributionWindowMs: 3600000,
    reward: { weights: [{ event: CLICK, weight: 1 }] } }) { id }
  side: upsertPlacement(input: { id: "side", surface: HOMEPAGE, name: "Side", slots: 2 }) { id }
  upsertCampaign(input: { id: "spring", name: "Spring", placementIds: ["hero", "side"], enabled: true }) { id }
}`;
const BANNER = 'mutation ($input: UpsertBannerInput!) { upsertBanner(input: $input) { id } }';
const POLICY = 'mutation ($input: PublishPolicyInput!) { publishPolicy(input: $input) { id } }';

export const BANNER_IDS = ['b0', 'b1', 'b2', 'b3', 'b4', 'b5'] as const;
export const HERO_VERSION = 'hero@1';

/** What the policy of the hero reads. */
export const DEVICE_FEATURE = {
  name: 'device',
  source: { kind: 'CONTEXT', name: 'device' },
  encoding: { kind: 'ONEHOT', values: ['DESKTOP', 'MOBILE'] },
} as const;

/** Two placements of two slots, six banners that fit both, a learning policy on each; through the API, as a server would. */
export async function seedCatalog(api: LoopApi): Promise<void> {
  await api.must(SECRET_KEY, CATALOG);
  for (const id of BANNER_IDS) {
    const creatives = [{ id: `${id}-card`, media: 'IMAGE', width: 300, height: 250, url: `https://cdn.example/${id}.png` }];
    await api.must(SECRET_KEY, BANNER, {
      input: { id, campaignId: 'spring', name: id, landingUrl: `https://shop.example/${id}`, enabled: true, creatives },
    });
  }
  await api.must(SECRET_KEY, POLICY, {
    input: { placementId: 'hero', policy: 'linear-thompson', params: { lambda: 1, width: 0.25 }, floor: 0.01, features: [DEVICE_FEATURE] },
  });
  await api.must(SECRET_KEY, POLICY, { input: { placementId: 'side', policy: 'beta-thompson' } });
  await untilServed(api);
}

/** Until a gateway decides both placements in full and with their policies. */
export async function untilServed(api: LoopApi): Promise<void> {
  await eventually(
    async () => {
      const { data } = await api.banners({ visitorId: 'probe', placements: [{ id: 'hero' }, { id: 'side' }] });
      return data?.banners.decisions.every((decision) => decision !== null && !decision.degraded && decision.slots.length === 2);
    },
    { what: 'the catalogue to be served' },
  );
}
