import type { Banner } from './types';

/** What a banner has in common with others, widest first: banners of one group can learn from each other. */
export function bannerGroups({
  campaignId,
  category,
  priceBand,
  tags,
}: Pick<Banner, 'campaignId' | 'category' | 'priceBand' | 'tags'>): readonly string[] {
  return [
    `campaign:${campaignId}`,
    ...(category === null ? [] : [`category:${category}`]),
    ...(priceBand === null ? [] : [`price:${priceBand}`]),
    ...[...tags].sort().map((tag) => `tag:${tag}`),
  ];
}
