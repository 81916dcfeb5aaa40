import { rngFromNumber, type Rng } from '@vitrine/kernel';

/** What one shopper did at one moment. */
export interface ShopperEvent {
  /** From 0, in the order of time. */
  readonly number: number;
  readonly type: 'PAGE_VIEW' | 'PRODUCT_VIEW' | 'SEARCH' | 'ADD_TO_CART' | 'PURCHASE';
  /** ms since the epoch, never less than that of the one before. */
  readonly occurredAt: number;
  readonly visitorId: string;
  readonly productId: string | null;
  readonly category: string | null;
  /** In cents. */
  readonly amountMinor: number | null;
  readonly path: string;
  readonly agent: string;
}

export interface ShopperOptions {
  readonly events: number;
  readonly seed: number;
  /** Time of the first event, ms since the epoch. */
  readonly from: number;
  /** Time before which the last one lies. */
  readonly to: number;
}

const CATEGORIES = ['shoes', 'coats', 'books', 'toys', 'garden', 'kitchen', 'games', 'beauty'];
const PRODUCTS_PER_CATEGORY = 250;
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
];
/** Shoppers who are in the shop at the same time. */
const PRESENT = 400;
const EVENTS_PER_VISITOR = 20;
const LEAVING = 0.08;

interface Shopper {
  readonly visitorId: string;
  readonly agent: string;
  /** What this person mostly looks at. */
  readonly taste: string;
  looked: Product | null;
  /** What lies in the cart, in cents. */
  cart: number;
}
interface Product {
  readonly id: string;
  readonly category: string;
  readonly priceMinor: number;
}

/**
 * A made-up shop's traffic: people come, look at what they like, sometimes search, fill a cart, buy, leave, and some come again. The same
 * seed and times give the same events. Memory does not grow with their number.
 */
export function* shopperEvents({ events, seed, from, to }: ShopperOptions): Generator<ShopperEvent> {
  const rng = rngFromNumber(seed);
  const people = Math.max(1, Math.ceil(events / EVENTS_PER_VISITOR));
  const present = Array.from({ length: Math.min(PRESENT, people) }, () => arrival(rng, people, seed));
  const stepMs = (to - from) / Math.max(1, events);
  for (let number = 0; number < events; number++) {
    const place = Math.floor(rng() * present.length);
    const shopper = present[place] ?? arrival(rng, people, seed);
    const occurredAt = Math.floor(from + (number + rng() * 0.999) * stepMs);
    yield { number, occurredAt, visitorId: shopper.visitorId, agent: shopper.agent, ...deed(rng, shopper) };
    if (rng() < LEAVING) present[place] = arrival(rng, people, seed);
  }
}

function arrival(rng: Rng, people: number, seed: number): Shopper {
  const person = Math.floor(rng() * people);
  return {
    visitorId: `shopper-${seed}-${person}`,
    agent: AGENTS[person % AGENTS.length] ?? '',
    taste: CATEGORIES[person % CATEGORIES.length] ?? '',
    looked: null,
    cart: 0,
  };
}

type Deed = Pick<ShopperEvent, 'type' | 'productId' | 'category' | 'amountMinor' | 'path'>;

function deed(rng: Rng, shopper: Shopper): Deed {
  const u = rng();
  if (u < 0.04 && shopper.cart > 0) return purchase(shopper);
  if (u < 0.14 && shopper.looked !== null) return intoCart(shopper, shopper.looked);
  const category = rng() < 0.7 ? shopper.taste : (CATEGORIES[Math.floor(rng() * CATEGORIES.length)] ?? '');
  if (u < 0.22) return bare('SEARCH', category, `/search?c=${category}`);
  if (u < 0.45) return bare('PAGE_VIEW', category, `/c/${category}`);
  const nth = Math.floor(rng() ** 2 * PRODUCTS_PER_CATEGORY); // a few are looked at often
  const product = { id: `${category}-${nth}`, category, priceMinor: 499 + ((nth * 7_919) % 15_000) };
  shopper.looked = product;
  return { type: 'PRODUCT_VIEW', productId: product.id, category, amountMinor: null, path: `/p/${category}/${product.id}` };
}

const bare = (type: Deed['type'], category: string, path: string): Deed => ({ type, productId: null, category, amountMinor: null, path });

function intoCart(shopper: Shopper, { id, category, priceMinor }: Product): Deed {
  shopper.cart += priceMinor;
  return { type: 'ADD_TO_CART', productId: id, category, amountMinor: null, path: `/cart/add/${category}/${id}` };
}

function purchase(shopper: Shopper): Deed {
  const amountMinor = shopper.cart;
  shopper.cart = 0;
  return {
    type: 'PURCHASE',
    productId: shopper.looked?.id ?? null,
    category: shopper.looked?.category ?? null,
    amountMinor,
    path: '/thanks',
  };
}
