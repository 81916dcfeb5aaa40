import { defineFamily } from './feature-family';

export interface EngagementState {
  readonly dwellMs: number;
  readonly productViews: number;
  readonly searches: number;
  readonly clicks: number;
  /** Sum and number of the pages of which it is known how far they were read. */
  readonly scrolled: number;
  readonly scrolls: number;
}

const always = { type: 'NUMBER', window: 'ever', halfLifeMs: null } as const;

/** How closely somebody looks. Sums: exact in any order. */
export const engagementFamily = defineFamily<EngagementState>({
  purpose: 'PERSONALIZATION',
  events: ['PRODUCT_VIEW', 'SEARCH', 'CLICK', 'DWELL', 'PAGE_LEAVE'],
  features: [
    { name: 'dwellSeconds', description: 'Time spent on pages.', unit: 's', ...always },
    { name: 'scrollDepth', description: 'Mean share of a page that was read, where the page tells.', unit: 'share', ...always },
    { name: 'productViews', description: 'Products looked at.', unit: 'events', indexed: true, ...always },
    { name: 'searches', description: 'Searches.', unit: 'events', ...always },
    { name: 'clicks', description: 'Clicks.', unit: 'events', ...always },
  ],
  empty: { dwellMs: 0, productViews: 0, searches: 0, clicks: 0, scrolled: 0, scrolls: 0 },
  apply: (state, { type, dwellMs, scrollDepth }) => {
    switch (type) {
      case 'PRODUCT_VIEW':
        return { ...state, productViews: state.productViews + 1 };
      case 'SEARCH':
        return { ...state, searches: state.searches + 1 };
      case 'CLICK':
        return { ...state, clicks: state.clicks + 1 };
      default: {
        const stayed = { ...state, dwellMs: state.dwellMs + (dwellMs ?? 0) };
        return scrollDepth === null ? stayed : { ...stayed, scrolled: state.scrolled + scrollDepth, scrolls: state.scrolls + 1 };
      }
    }
  },
  merge: (a, b) => ({
    dwellMs: a.dwellMs + b.dwellMs,
    productViews: a.productViews + b.productViews,
    searches: a.searches + b.searches,
    clicks: a.clicks + b.clicks,
    scrolled: a.scrolled + b.scrolled,
    scrolls: a.scrolls + b.scrolls,
  }),
  read: ({ dwellMs, productViews, searches, clicks, scrolled, scrolls }) => ({
    dwellSeconds: dwellMs / 1_000,
    scrollDepth: scrolls === 0 ? null : scrolled / scrolls,
    productViews,
    searches,
    clicks,
  }),
});
