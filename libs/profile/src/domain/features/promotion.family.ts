import { PROFILE_EVENT_TYPES, provesShowing } from '../profile-event';
import { defineFamily } from './feature-family';

export interface PromotionState {
  readonly shows: number;
  readonly clicks: number;
  readonly purchases: number;
  readonly prompted: number;
}

const always = { type: 'NUMBER', unit: 'share', window: 'ever', halfLifeMs: null } as const;

/** How far somebody follows banners. Counts: exact in any order. */
export const promotionFamily = defineFamily<PromotionState>({
  purpose: 'PERSONALIZATION',
  events: [...PROFILE_EVENT_TYPES.filter(provesShowing), 'CLICK', 'PURCHASE'],
  features: [
    { name: 'bannerClickRate', description: 'Clicks on banners per banner shown.', ...always },
    { name: 'promotionSensitivity', description: 'Share of purchases that came through a banner.', ...always },
  ],
  empty: { shows: 0, clicks: 0, purchases: 0, prompted: 0 },
  apply: (state, { type, campaignId, throughBanner }) => {
    if (provesShowing(type)) return campaignId === null ? state : { ...state, shows: state.shows + 1 };
    if (type === 'CLICK') return throughBanner ? { ...state, clicks: state.clicks + 1 } : state;
    return { ...state, purchases: state.purchases + 1, prompted: state.prompted + (throughBanner ? 1 : 0) };
  },
  merge: (a, b) => ({
    shows: a.shows + b.shows,
    clicks: a.clicks + b.clicks,
    purchases: a.purchases + b.purchases,
    prompted: a.prompted + b.prompted,
  }),
  read: ({ shows, clicks, purchases, prompted }) => ({
    bannerClickRate: shows === 0 ? null : clicks / shows,
    promotionSensitivity: purchases === 0 ? null : prompted / purchases,
  }),
});
