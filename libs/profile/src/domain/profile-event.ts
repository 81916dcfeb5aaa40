export const PROFILE_EVENT_TYPES = [
  'ACTIVATION',
  'IMPRESSION',
  'VIEWABLE_IMPRESSION',
  'CLICK',
  'DISMISS',
  'PAGE_VIEW',
  'PRODUCT_VIEW',
  'SEARCH',
  'ADD_TO_CART',
  'PURCHASE',
  'REFUND',
  'DWELL',
  'PAGE_LEAVE',
] as const;
export type ProfileEventType = (typeof PROFILE_EVENT_TYPES)[number];

/** What a profile learns from one clean event. The caller has removed duplicates: the same event twice counts twice. */
export interface ProfileEvent {
  readonly type: ProfileEventType;
  /** ms since the epoch. */
  readonly occurredAt: number;
  readonly category: string | null;
  readonly productId: string | null;
  /** Minor units of the deployment's currency, >= 0; read of PRODUCT_VIEW and ADD_TO_CART as a price, of PURCHASE and REFUND as an amount. */
  readonly valueMinor: number | null;
  /** Time spent since the page's previous report, not since it was opened; read of DWELL and PAGE_LEAVE. */
  readonly dwellMs: number | null;
  /** The campaign shown. Set it on the one event that activated the decision and on no other, so that a show is counted once. */
  readonly campaignId: string | null;
  /** The banner shown: set with `campaignId`. */
  readonly bannerId: string | null;
  /** Whether the event came through a banner of ours. */
  readonly throughBanner: boolean;
  /** Device class; null where it is unknown. */
  readonly device: string | null;
  /** Share of the page that was read, in [0, 1]; read of DWELL and PAGE_LEAVE. */
  readonly scrollDepth: number | null;
}

const INTEREST: Readonly<Record<ProfileEventType, number>> = {
  PURCHASE: 5,
  ADD_TO_CART: 3,
  CLICK: 2,
  PRODUCT_VIEW: 1,
  SEARCH: 1,
  PAGE_VIEW: 0.5,
  ACTIVATION: 0,
  IMPRESSION: 0,
  VIEWABLE_IMPRESSION: 0,
  DISMISS: 0,
  REFUND: 0,
  DWELL: 0,
  PAGE_LEAVE: 0,
};

/** Interest in the event's category, in product views; 0 for an event that shows none. */
export function interestOf(type: ProfileEventType): number {
  return INTEREST[type];
}

/** Whether the type can prove that a decision was shown (D4). */
export function provesShowing(type: ProfileEventType): boolean {
  return type === 'ACTIVATION' || type === 'IMPRESSION' || type === 'VIEWABLE_IMPRESSION';
}
