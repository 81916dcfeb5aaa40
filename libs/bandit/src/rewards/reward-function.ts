/** Events that can earn a reward. */
export const REWARD_EVENT_TYPES = ['CLICK', 'PURCHASE', 'ADD_TO_CART', 'DISMISS', 'PAGE_LEAVE', 'REFUND'] as const;
export type RewardEventType = (typeof REWARD_EVENT_TYPES)[number];

/** How several contributions to one trial become one number; FIRST and LAST go by the time of the event. */
export const REWARD_AGGREGATIONS = ['FIRST', 'SUM', 'MAX', 'LAST'] as const;
export type RewardAggregation = (typeof REWARD_AGGREGATIONS)[number];

/** What the money of a purchase counts for, before `valueWeight` multiplies it. Amounts are whole minor units (cents). */
export type ValueTransform =
  /** The amount itself. */
  | { readonly kind: 'NONE' }
  /** `min(amount, capMinor)`: one huge basket does not outweigh a month of ordinary ones. */
  | { readonly kind: 'CAP'; readonly capMinor: number }
  /** `ln(1 + amount / scaleMinor)`: about amount / scaleMinor below the scale, then equal ratios count alike. */
  | { readonly kind: 'LOG'; readonly scaleMinor: number };
export const VALUE_TRANSFORM_KINDS = ['NONE', 'CAP', 'LOG'] as const satisfies readonly ValueTransform['kind'][];

/** The factor by which a contribution fades with its delay: 1 at no delay, then falling, never below 0. */
export type DelayDiscount =
  | { readonly kind: 'NONE' }
  /** `2 ^ -(delay / halfLifeMs)`. */
  | { readonly kind: 'EXPONENTIAL'; readonly halfLifeMs: number }
  /** `1 - delay / attribution window`: nothing is left at the end of the window. */
  | { readonly kind: 'LINEAR' };
export const DELAY_DISCOUNT_KINDS = ['NONE', 'EXPONENTIAL', 'LINEAR'] as const satisfies readonly DelayDiscount['kind'][];

/** How events become the number that is learned from. Plain data: it can be stored, sent, compared and replayed. */
export interface RewardFunction {
  /** Reward per event type. A type that is absent earns nothing and does not stand in for the default reward; 0 does. */
  readonly weights: Readonly<Partial<Record<RewardEventType, number>>>;
  /** Reward per unit of a purchase's transformed money, on top of the weight of PURCHASE; 0 ignores money. */
  readonly valueWeight: number;
  /** Absent: `NONE`. */
  readonly valueTransform?: ValueTransform;
  /** Absent: `NONE`. */
  readonly delayDiscount?: DelayDiscount;
  readonly aggregation: RewardAggregation;
  /** Reward of a trial to which nothing contributed. */
  readonly defaultReward: number;
  /** Bounds of one trial's aggregated reward. */
  readonly min: number;
  readonly max: number;
}

/** One reward event of one trial, as it happened: what a reward function is applied to. */
export interface RewardContribution {
  /** Distinct within a trial; also decides the order of events of one instant. */
  readonly eventId: string;
  readonly type: RewardEventType;
  /** From the decision to the event, in ms; negative where the client's clock runs behind. */
  readonly delayMs: number;
  /** Whole minor units of money, >= 0; null when the event named none. */
  readonly amountMinor: number | null;
  /** REFUND: the `eventId` of the purchase that it takes back; null when it names none. */
  readonly refundOf: string | null;
}
