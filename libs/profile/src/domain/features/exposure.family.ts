import { provesShowing, PROFILE_EVENT_TYPES } from '../profile-event';
import type { DecayFamily } from '../decayed-counter';
import { foldTable, mergeTables, readTable, type DecayedTable, type DecayedTableShape } from './decayed-table';
import { defineFamily, type KeyedValue } from './feature-family';
import { findKeyed, joinKeyed, putKeyed, strongest, type Keyed } from './keyed';
import { newest, type Times } from './times';

/** Bounds what a profile holds; past them the campaign unseen for longest and the faintest banner are forgotten. */
export const MAX_EXPOSED_CAMPAIGNS = 64;
export const MAX_EXPOSURES = 20;
const FATIGUE_DECAY: DecayFamily = { name: 'fatigue', halfLifeMs: 3 * 24 * 3_600_000 };
const BANNERS: DecayedTableShape = { decay: FATIGUE_DECAY, most: 64 };

export interface CampaignShows extends Keyed {
  /** Newest last, at most `MAX_EXPOSURES`. */
  readonly at: Times;
}

export interface ExposureState {
  readonly campaigns: readonly CampaignShows[];
  readonly banners: DecayedTable;
}

const table = { type: 'TABLE', unit: 'shows' } as const;

/** What somebody was shown: an activated decision counts once. Frequency caps ask for it, and whoever wonders whether a banner has worn out. */
export const exposureFamily = defineFamily<ExposureState>({
  purpose: 'PERSONALIZATION',
  events: PROFILE_EVENT_TYPES.filter(provesShowing),
  features: [
    {
      name: 'campaignExposure',
      description: `Shows by campaign, at most ${MAX_EXPOSURES} each.`,
      window: `the newest ${MAX_EXPOSURES}`,
      halfLifeMs: null,
      ...table,
    },
    { name: 'bannerFatigue', description: 'Shows by banner, fading.', window: 'decayed', halfLifeMs: FATIGUE_DECAY.halfLifeMs, ...table },
  ],
  empty: { campaigns: [], banners: [] },
  apply: ({ campaigns, banners }, { campaignId: key, bannerId, occurredAt: at }) => ({
    campaigns:
      key === null
        ? campaigns
        : bounded(putKeyed(campaigns, { key, at: newest([...(findKeyed(campaigns, key)?.at ?? []), at], MAX_EXPOSURES) })),
    banners: bannerId === null ? banners : foldTable(banners, { key: bannerId, amount: 1, at }, BANNERS),
  }),
  merge: (a, b) => ({
    campaigns: bounded(joinKeyed(a.campaigns, b.campaigns, (x, y) => ({ key: x.key, at: newest([...x.at, ...y.at], MAX_EXPOSURES) }))),
    banners: mergeTables(a.banners, b.banners, BANNERS),
  }),
  read: ({ campaigns, banners }, nowMs) => ({
    campaignExposure: campaigns.map(({ key, at }): KeyedValue => ({ key, value: at.length })),
    bannerFatigue: readTable(banners, nowMs, BANNERS),
  }),
});

function bounded(campaigns: readonly CampaignShows[]): readonly CampaignShows[] {
  return strongest(campaigns, MAX_EXPOSED_CAMPAIGNS, ({ at }) => at.at(-1) ?? 0);
}
