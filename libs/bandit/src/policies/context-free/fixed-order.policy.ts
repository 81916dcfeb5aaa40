import { invariant, ok, type BannerId } from '@vitrine/kernel';
import type { ArmModel, Policy } from '../../policy';
import { noneFamily } from '../../statistics/none.family';
import { definePolicy } from '../policy-definition';

/** Ratio of one rank's mass to the rank before it: vanishes beside it in double precision, yet survives renormalising over what is left. */
const STEP = 1e-30;
/** Ranks whose mass is still a double; later ones hold none. */
const RANKS = 11;

class RankedBanner {
  constructor(
    readonly rank: number,
    readonly id: BannerId,
  ) {}

  isBefore(other: RankedBanner): boolean {
    return this.rank < other.rank || (this.rank === other.rank && this.id < other.id);
  }
}

function rankedBanner(model: ArmModel): RankedBanner {
  invariant(model instanceof RankedBanner, 'fixed-order reads its own models');
  return model;
}

/** Index of the first banner that holds no mass yet. */
function firstWithout(arms: readonly ArmModel[], out: Float64Array): number {
  let first = -1;
  let held: RankedBanner | null = null;
  for (let i = 0; i < arms.length; i++) {
    if (out[i] !== 0) continue;
    const banner = rankedBanner(arms[i]);
    if (held === null || banner.isBefore(held)) {
      first = i;
      held = banner;
    }
  }
  return first;
}

function createFixedOrder(order: readonly string[]): Policy {
  const ranks = new Map<string, number>(order.map((id, rank) => [id, rank]));
  return {
    name: 'fixed-order',
    contextual: false,
    deterministic: true,
    family: noneFamily,
    dimension: 0,
    derive: ({ id }) => new RankedBanner(ranks.get(id) ?? order.length, id),
    distribution(arms, _point, out) {
      invariant(arms.length > 0 && out.length === arms.length, 'one probability per eligible banner');
      out.fill(0);
      for (let rank = 0; rank < Math.min(arms.length, RANKS); rank++) out[firstWithout(arms, out)] = STEP ** rank;
    },
  };
}

/**
 * The banners in a given order. The first one's probability is exactly 1 in double precision; the next ranks hold 1e-30,
 * 1e-60, ... of it, so that filling further slots by renormalising the same vector follows the order as well (up to the
 * eleventh slot). A floor swamps those masses: it is an order for the first slot only when one is mixed in.
 */
export const fixedOrderPolicy = definePolicy({
  name: 'fixed-order',
  summary: 'The banners in the order given; unlisted ones after them, alphabetically. What a holdout sees.',
  contextual: false,
  deterministic: true,
  family: 'none',
  rewards: 'any',
  complexity: { decide: 'O(11 K)', learn: 'none', state: 'none' },
  parameters: {
    order: { kind: 'list', description: 'Banner ids, best first.', default: [], maxLength: 1000 },
  },
  paper: null,
  build: ({ order }) => ok(createFixedOrder(order)),
});
