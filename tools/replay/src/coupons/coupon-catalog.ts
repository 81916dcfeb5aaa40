import { SITUATION, SITUATION_FIELDS, TRAIT_FIELDS, type CouponData } from './coupon-data';

export const COUPON_PLACEMENT = 'promo-coupon';

/** A banner id for a coupon kind: letters and dashes. */
export function couponBannerId(coupon: string): string {
  return `coupon-${coupon
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '')}`;
}

/** The audience rule that makes a coupon eligible exactly in the situations in which it was really offered. */
export function couponAudience(situations: readonly string[]): string {
  return `features.${SITUATION} in ${JSON.stringify(situations)}`;
}

interface FeatureInput {
  readonly name: string;
  readonly source: { readonly kind: 'request' | 'trait'; readonly key: string };
  readonly encoding: { readonly kind: 'onehot'; readonly values: readonly string[] };
}

/**
 * Situation and person, one-hot; nothing of the coupon itself. The situation is there field by field and as a whole: where only one coupon was
 * ever offered nothing is chosen, and what is learned there should not colour the fields everywhere else.
 */
export function couponFeatures(data: CouponData): readonly FeatureInput[] {
  const onehot =
    (kind: 'request' | 'trait') =>
    (key: string): FeatureInput => ({
      name: key,
      source: { kind, key },
      encoding: { kind: 'onehot', values: data.vocabulary.get(key) ?? [] },
    });
  return [...[...SITUATION_FIELDS, SITUATION].map(onehot('request')), ...TRAIT_FIELDS.map(onehot('trait'))];
}
