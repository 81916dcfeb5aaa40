import { defineFamily } from './feature-family';
import { newest, type Times } from './times';

/** Moments kept of carts and of purchases. */
export const MAX_CART_TIMES = 20;
/** A cart without a purchase within this time was left behind. */
export const CART_PATIENCE_MS = 24 * 3_600_000;

export interface CartState {
  readonly added: Times;
  readonly bought: Times;
}

const recent = { type: 'NUMBER', window: `the newest ${MAX_CART_TIMES}`, halfLifeMs: null } as const;

/** What is put into the cart, and what is left there. Keeps moments, not conclusions: a purchase that arrives late still counts. */
export const cartFamily = defineFamily<CartState>({
  purpose: 'PERSONALIZATION',
  events: ['ADD_TO_CART', 'PURCHASE'],
  features: [
    { name: 'cartAdditions', description: 'Things put into the cart.', unit: 'events', indexed: true, ...recent },
    {
      name: 'cartAbandonment',
      description: 'Share of things put into the cart over a day ago after which nothing was bought within a day.',
      unit: 'share',
      ...recent,
    },
  ],
  empty: { added: [], bought: [] },
  apply: (state, { type, occurredAt }) =>
    type === 'PURCHASE'
      ? { ...state, bought: newest([...state.bought, occurredAt], MAX_CART_TIMES) }
      : { ...state, added: newest([...state.added, occurredAt], MAX_CART_TIMES) },
  merge: (a, b) => ({
    added: newest([...a.added, ...b.added], MAX_CART_TIMES),
    bought: newest([...a.bought, ...b.bought], MAX_CART_TIMES),
  }),
  read: ({ added, bought }, nowMs) => {
    const settled = added.filter((at) => at <= nowMs - CART_PATIENCE_MS);
    const left = settled.filter((at) => !bought.some((purchase) => purchase >= at && purchase <= at + CART_PATIENCE_MS));
    return { cartAdditions: added.length, cartAbandonment: settled.length === 0 ? null : left.length / settled.length };
  },
});
