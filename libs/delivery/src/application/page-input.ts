import type { DecidePageRequest } from './page-answer';

/** Everything that the answer of a page depends on, as one text: equal inputs give equal texts, whatever the order of their features. */
export function canonicalInput({ placements, context }: DecidePageRequest): string {
  const { device, locale, url, category, productId, features } = context;
  return JSON.stringify([
    placements.map(({ id, slots, excludeBannerIds }) => [id, slots, excludeBannerIds.toSorted()]),
    [device, locale, url, category, productId],
    Object.entries(features).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}
