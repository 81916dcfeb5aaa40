import { INTEREST_DECAY } from '../decayed-counter';
import { interestOf, PROFILE_EVENT_TYPES, type ProfileEvent } from '../profile-event';
import { foldTable, mergeTables, readTable, type DecayedTable, type DecayedTableShape } from './decayed-table';
import { defineFamily } from './feature-family';
import { latest, NEVER, type Latest } from './latest';
import { priceBandOf } from './price-band';

/** Bounds what a client can make a profile hold; past it the weakest interest is forgotten. */
export const MAX_INTERESTS = 64;

export interface InterestState {
  readonly categories: DecayedTable;
  readonly priceBands: DecayedTable;
  readonly category: Latest;
  readonly product: Latest;
}

export const CATEGORY_INTEREST: DecayedTableShape = { decay: INTEREST_DECAY, most: MAX_INTERESTS };
const BANDS: DecayedTableShape = { decay: INTEREST_DECAY, most: 16 };
const fading = { type: 'TABLE', unit: 'product views', window: 'decayed', halfLifeMs: INTEREST_DECAY.halfLifeMs } as const;
const lasting = { window: 'the newest', halfLifeMs: null } as const;

/** What somebody cares for. A purchase counts as five product views, a cart as three, a click as two, a page of the category as a half. */
export const interestFamily = defineFamily<InterestState>({
  purpose: 'PERSONALIZATION',
  events: PROFILE_EVENT_TYPES.filter((type) => interestOf(type) > 0),
  features: [
    { name: 'categoryInterest', description: `By category; the ${MAX_INTERESTS} strongest are kept.`, ...fading },
    { name: 'priceBandInterest', description: 'By price band of what was looked at, put in the cart or bought.', ...fading },
    { name: 'lastCategory', description: 'The category last looked at.', type: 'TEXT', unit: 'category', ...lasting },
    { name: 'lastCategoryAt', description: 'When that was.', type: 'TIME', unit: 'ms', ...lasting },
    { name: 'lastProductId', description: 'The product last looked at.', type: 'TEXT', unit: 'product id', ...lasting },
    { name: 'lastProductAt', description: 'When that was.', type: 'TIME', unit: 'ms', ...lasting },
  ],
  empty: { categories: [], priceBands: [], category: NEVER, product: NEVER },
  apply: (state, event) => {
    const { category, productId: value, occurredAt: at } = event;
    const noted = { ...withPrice(state, event), product: value === null ? state.product : latest(state.product, { value, at }) };
    if (category === null) return noted;
    return {
      ...noted,
      categories: foldTable(state.categories, { key: category, amount: interestOf(event.type), at }, CATEGORY_INTEREST),
      category: latest(state.category, { value: category, at }),
    };
  },
  merge: (a, b) => ({
    categories: mergeTables(a.categories, b.categories, CATEGORY_INTEREST),
    priceBands: mergeTables(a.priceBands, b.priceBands, BANDS),
    category: latest(a.category, b.category),
    product: latest(a.product, b.product),
  }),
  read: ({ categories, priceBands, category, product }, nowMs) => ({
    categoryInterest: readTable(categories, nowMs, CATEGORY_INTEREST),
    priceBandInterest: readTable(priceBands, nowMs, BANDS),
    lastCategory: category.value,
    lastCategoryAt: category.at,
    lastProductId: product.value,
    lastProductAt: product.at,
  }),
});

function withPrice(state: InterestState, { type, valueMinor, occurredAt: at }: ProfileEvent): InterestState {
  if (valueMinor === null || (type !== 'PRODUCT_VIEW' && type !== 'ADD_TO_CART' && type !== 'PURCHASE')) return state;
  return { ...state, priceBands: foldTable(state.priceBands, { key: priceBandOf(valueMinor), amount: interestOf(type), at }, BANDS) };
}
