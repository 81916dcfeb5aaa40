import { visitorId } from '@vitrine/kernel';
import { applyEvents, createVisitorHasher, emptyFeatures, newProfile, type ProfileEvent } from '@vitrine/profile';
import type { Connection } from 'mongoose';
import { TEST_KEY } from './use-loop';

const DAY_MS = 86_400_000;
const said = { status: 'GRANTED', at: 1, source: 'test' } as const;
const PURPOSES = ['ANALYTICS', 'PERSONALIZATION', 'TRAINING'] as const;

/** Ways to shop: how often people come, what they do when there, and how often they respond in a week. */
const WAYS = [
  { days: 2, products: 0, clicks: 0, purchases: 0, responds: 0.05 },
  { days: 8, products: 6, clicks: 1, purchases: 0, responds: 0.3 },
  { days: 20, products: 2, clicks: 8, purchases: 2, responds: 0.7 },
] as const;

function anEvent(type: ProfileEvent['type'], occurredAt: number, dwellMs: number | null = null): ProfileEvent {
  const nothing = { productId: null, valueMinor: null, device: null, scrollDepth: null, campaignId: null, bannerId: null };
  return { type, occurredAt, category: 'hats', dwellMs, throughBanner: false, ...nothing };
}

/** What one person did in the thirty days before `now`; the numbers differ from person to person, always alike. */
function historyOf(at: number, now: number): readonly ProfileEvent[] {
  const way = WAYS[at % WAYS.length] ?? WAYS[0];
  const odd = (salt: number): number => ((at * 7_919 + salt * 104_729) % 1_000) / 1_000;
  const events: ProfileEvent[] = [];
  for (let day = 0; day < way.days; day++) {
    const start = now - (1 + (day * 29) / way.days + odd(day)) * DAY_MS;
    events.push(anEvent('PAGE_VIEW', start), anEvent('DWELL', start + 1_000, 20_000 + 40_000 * odd(day + 31)));
    for (let product = 0; product < way.products; product++) events.push(anEvent('PRODUCT_VIEW', start + 2_000 + product));
    const clicks = odd(day + 77) < way.responds ? way.clicks + 1 : 0;
    for (let click = 0; click < clicks; click++) events.push(anEvent('CLICK', start + 3_000 + click));
    const purchases = clicks > 0 ? way.purchases : 0;
    for (let purchase = 0; purchase < purchases; purchase++) {
      events.push({ ...anEvent('PURCHASE', start + 4_000 + purchase), valueMinor: Math.round(9_000 * (1 + odd(day + purchase))) });
    }
  }
  return events;
}

/**
 * Stores people who agreed to everything long ago and shopped in three ways, past the gateway: sums, single events and the ids that sent them.
 *
 * @param now end of their histories, ms
 */
export async function storeCrowd(connection: Connection, count: number, now: number): Promise<void> {
  const hasher = createVisitorHasher(TEST_KEY);
  const people = Array.from({ length: count }, (_, at) => {
    const id = `crowd-${String(at).padStart(5, '0')}`;
    return { id, hash: hasher.hash(visitorId(id)), events: historyOf(at, now) };
  });
  const consent = Object.fromEntries(PURPOSES.map((purpose) => [purpose, said]));
  const profiles = people.map(({ id, events }) => {
    const { features: _, ...profile } = newProfile({ id, alias: visitorId(id), userId: null, nowMs: now - 40 * DAY_MS });
    return {
      ...profile,
      _id: id,
      consent,
      features: applyEvents(emptyFeatures(), events),
      traits: [],
      clientAt: 0,
      seenAt: now,
      facts: {},
    };
  });
  await connection.collection<{ _id: string }>('profiles').insertMany(profiles);
  await connection.collection<{ _id: string }>('profile_aliases').insertMany(people.map(({ id, hash }) => ({ _id: hash, profileId: id })));
  await connection
    .collection('profile_events')
    .insertMany(
      people.flatMap(({ hash, events }) => events.map((event) => ({ visitorHash: hash, event, purposes: PURPOSES, at: new Date(now) }))),
    );
}
