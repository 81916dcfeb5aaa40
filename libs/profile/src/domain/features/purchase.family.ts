import { defineFamily } from './feature-family';
import { latestTime } from './latest';

export interface PurchaseState {
  readonly purchases: number;
  /** Minor units; negative while a refund is ahead of its purchase. */
  readonly monetaryMinor: number;
  readonly lastPurchaseAt: number | null;
}

/** Recency, frequency and monetary value. Sums and a maximum: exact in any order. */
export const purchaseFamily = defineFamily<PurchaseState>({
  purpose: 'PERSONALIZATION',
  events: ['PURCHASE', 'REFUND'],
  features: [
    {
      name: 'purchases',
      description: 'Purchases, refunded ones too.',
      type: 'NUMBER',
      unit: 'events',
      window: 'ever',
      halfLifeMs: null,
      indexed: true,
    },
    {
      name: 'monetaryMinor',
      description: 'Money spent less money refunded.',
      type: 'NUMBER',
      unit: 'minor units of the shop’s currency',
      window: 'ever',
      halfLifeMs: null,
      indexed: true,
    },
    {
      name: 'lastPurchaseAt',
      description: 'The last purchase.',
      type: 'TIME',
      unit: 'ms',
      window: 'the newest',
      halfLifeMs: null,
      indexed: true,
    },
  ],
  empty: { purchases: 0, monetaryMinor: 0, lastPurchaseAt: null },
  apply: (state, { type, valueMinor, occurredAt }) =>
    type === 'REFUND'
      ? { ...state, monetaryMinor: state.monetaryMinor - (valueMinor ?? 0) }
      : {
          purchases: state.purchases + 1,
          monetaryMinor: state.monetaryMinor + (valueMinor ?? 0),
          lastPurchaseAt: latestTime(state.lastPurchaseAt, occurredAt),
        },
  merge: (a, b) => ({
    purchases: a.purchases + b.purchases,
    monetaryMinor: a.monetaryMinor + b.monetaryMinor,
    lastPurchaseAt: latestTime(a.lastPurchaseAt, b.lastPurchaseAt),
  }),
  read: (state) => ({ ...state }),
});
