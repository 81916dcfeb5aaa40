import type { Caller, GraphqlClient } from '../graphql-client';
import { COUPON_PLACEMENT, couponAudience, couponBannerId, couponFeatures } from './coupon-catalog';
import type { CouponData } from './coupon-data';

const UPSERT_PLACEMENT = 'mutation ($input: UpsertPlacementInput!) { upsertPlacement(input: $input) { id } }';
const UPSERT_CAMPAIGN = 'mutation ($input: UpsertCampaignInput!) { upsertCampaign(input: $input) { id } }';
const UPSERT_BANNER = 'mutation ($input: UpsertBannerInput!) { upsertBanner(input: $input) { id } }';
const PUBLISH_POLICY = 'mutation ($input: PublishPolicyInput!) { publishPolicy(input: $input) { id } }';

const MINUTE_MS = 60_000;
const WIDTH = 640;
const HEIGHT = 240;

/** The policy of the coupon placement: name and parameters as `publishPolicy` takes them. */
export const COUPON_POLICY = { policy: 'auto', params: {}, floor: 0.01 } as const;

/** Placement, five campaigns with their banners, and the policy, all through the public API. */
export async function seedCouponCatalog(api: GraphqlClient, staff: Caller, data: CouponData): Promise<void> {
  const send = (query: string, input: unknown) => api.call(staff, query, { input });
  await send(UPSERT_PLACEMENT, {
    id: COUPON_PLACEMENT,
    name: 'Coupon while driving',
    surface: 'PROMOTION',
    slots: 1,
    activation: 'IMPRESSION',
    attributionWindowMs: 30 * MINUTE_MS,
    reward: { weights: [{ event: 'CLICK', weight: 1 }], aggregation: 'FIRST', defaultReward: 0, min: 0, max: 1 },
  });
  for (const coupon of data.coupons) await seedCoupon(send, coupon, data.offers.get(coupon) ?? []);
  await send(PUBLISH_POLICY, {
    placementId: COUPON_PLACEMENT,
    ...COUPON_POLICY,
    features: couponFeatures(data).map(({ name, source, encoding }) => ({
      name,
      source: { kind: source.kind.toUpperCase(), name: source.key },
      encoding: { kind: 'ONEHOT', values: encoding.values },
    })),
  });
}

async function seedCoupon(
  send: (query: string, input: unknown) => Promise<unknown>,
  coupon: string,
  situations: readonly string[],
): Promise<void> {
  const id = couponBannerId(coupon);
  await send(UPSERT_CAMPAIGN, {
    id,
    name: `${coupon} coupons`,
    goal: 'Accepted coupons',
    placementIds: [COUPON_PLACEMENT],
    enabled: true,
    audience: couponAudience(situations),
  });
  await send(UPSERT_BANNER, {
    id,
    campaignId: id,
    name: coupon,
    landingUrl: `https://shop.example/coupons/${id}`,
    category: coupon,
    enabled: true,
    creatives: [
      {
        id: `${id}-card`,
        media: 'IMAGE',
        width: WIDTH,
        height: HEIGHT,
        altText: `A coupon: ${coupon}`,
        url: `https://shop.example/images/${id}.webp`,
      },
    ],
  });
}
