import { murmur3, type CampaignId } from '@vitrine/kernel';

const TWO_POW_MINUS_32 = 2 ** -32;

/**
 * One uniform number in [0, 1) per campaign from the decision's seed: the draw is replayable, and campaigns are drawn independently.
 * murmur3 is a bijection of its seed for a fixed text, so that a uniform seed word gives a uniform draw.
 */
export function pacingDraw(seed: Uint32Array, campaignId: CampaignId): number {
  return murmur3(campaignId, seed[3] ?? 0) * TWO_POW_MINUS_32;
}
