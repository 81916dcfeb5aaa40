import { rngFromNumber, type Rng } from '@vitrine/kernel';
import { mapConcurrent, type GraphqlClient } from '@vitrine/replay';
import { performance } from 'node:perf_hooks';

export interface ProfileLoad {
  readonly eventsPerSecond: number;
  readonly seconds: number;
  /** Events that one app sends at once. */
  readonly batch: number;
  readonly visitors: number;
  readonly probesPerSecond: number;
}

export interface ProfileLoadDeps {
  readonly api: GraphqlClient;
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly progress: (sentEvents: number) => void;
  readonly signal: AbortSignal;
  /** Put before every event id: runs of one system must not repeat each other's. */
  readonly run: string;
}

export interface ProfileLoadOutcome {
  readonly sent: number;
  readonly accepted: number;
  /** Seconds in which it was sent. */
  readonly seconds: number;
  /** From sending an event until `profile` shows it, in ms, ascending. */
  readonly latencies: Float64Array;
  /** Probes that were not seen within the deadline. */
  readonly unseen: number;
}

interface Sent {
  events: number;
  accepted: number;
}

const RECORD = 'mutation ($events: [EventInput!]!) { recordEvents(events: $events) { results { status } } }';
const CONSENT = 'mutation ($input: ConsentInput!) { setConsent(input: $input) { profileKept } }';
const SEEN = 'query ($id: ID!) { profile(visitorId: $id) { behaviour { lastProductId } } }';
const TICK_MS = 10;
const POLL_MS = 10;
const PROBE_DEADLINE_MS = 30_000;
const WIDTH = 16;
const CATEGORIES = ['shoes', 'coats', 'bags', 'hats', 'belts', 'scarves'] as const;
const TYPES = ['PAGE_VIEW', 'PRODUCT_VIEW', 'PRODUCT_VIEW', 'SEARCH', 'ADD_TO_CART', 'DWELL', 'PURCHASE'] as const;

/** Every visitor says yes to everything, as the first thing. */
export async function grantAll({ api, secretKey }: Pick<ProfileLoadDeps, 'api' | 'secretKey'>, visitors: readonly string[]): Promise<void> {
  const purposes = ['ANALYTICS', 'PERSONALIZATION', 'TRAINING'].map((purpose) => ({ purpose, status: 'GRANTED' }));
  await mapConcurrent(visitors, WIDTH, (visitorId) =>
    api.call({ key: secretKey }, CONSENT, { input: { visitorId, source: 'bench', purposes } }),
  );
}

export const shoppersOf = ({ visitors }: ProfileLoad): readonly string[] => Array.from({ length: visitors }, (_, i) => `shopper-${i}`);
/** As many as may be waited for at once. */
export const probesOf = ({ probesPerSecond }: ProfileLoad): readonly string[] =>
  Array.from({ length: Math.ceil((probesPerSecond * PROBE_DEADLINE_MS) / 1_000) }, (_, i) => `probe-${i}`);

/**
 * Sends events at a fixed rate, whether or not the system keeps up, and meanwhile asks `profile` about some of them until it shows what they
 * said. What an event waits for in a queue that grows is so part of its latency.
 */
export async function playProfileLoad(load: ProfileLoad, deps: ProfileLoadDeps): Promise<ProfileLoadOutcome> {
  const rng = rngFromNumber(1);
  const sent: Sent = { events: 0, accepted: 0 };
  const shoppers = shoppersOf(load);
  const probes = probesOf(load);
  const running: Promise<void>[] = [];
  const seen: Promise<number | null>[] = [];
  const start = performance.now();
  for (let elapsed = 0; elapsed < load.seconds * 1_000 && !deps.signal.aborted; elapsed = performance.now() - start) {
    const probesDue = Math.floor((elapsed / 1_000) * load.probesPerSecond) + 1;
    while (seen.length < probesDue) seen.push(probe(probes[seen.length % probes.length] ?? 'probe', seen.length, { deps, sent }));
    const due = (elapsed / 1_000) * load.eventsPerSecond;
    while (sent.events + load.batch <= due)
      running.push(send(eventsOf(shoppers, load.batch, { rng, run: deps.run, serial: sent.events }), { deps, sent }));
    deps.progress(sent.events);
    await pause(TICK_MS);
  }
  const seconds = (performance.now() - start) / 1_000;
  await Promise.all(running);
  const waited = await Promise.all(seen);
  const latencies = Float64Array.from(waited.filter((ms) => ms !== null)).sort();
  return { sent: sent.events, accepted: sent.accepted, seconds, latencies, unseen: waited.length - latencies.length };
}

/** Some of one shopper's deeds, in the seconds before now. */
function eventsOf(
  shoppers: readonly string[],
  count: number,
  { rng, run, serial }: { readonly rng: Rng; readonly run: string; readonly serial: number },
): readonly object[] {
  const visitorId = pick(shoppers, rng) ?? 'shopper';
  const now = Date.now();
  return Array.from({ length: count }, (_, i) => {
    const type = pick(TYPES, rng) ?? 'PAGE_VIEW';
    const paid = type === 'PURCHASE' || type === 'ADD_TO_CART';
    return {
      eventId: `${run}-${serial}-${i}`,
      type,
      occurredAt: new Date(now - 500 * (count - 1 - i)).toISOString(),
      visitorId,
      productId: `p-${Math.floor(rng() * 5_000)}`,
      category: pick(CATEGORIES, rng),
      ...(paid ? { value: { amountMinor: 100 + Math.floor(rng() * 20_000), currency: 'EUR' } } : {}),
      ...(type === 'DWELL' ? { dwellMs: Math.floor(rng() * 60_000) } : {}),
    };
  });
}

async function send(events: readonly object[], { deps, sent }: { readonly deps: ProfileLoadDeps; readonly sent: Sent }): Promise<void> {
  sent.events += events.length;
  const answer = (await deps.api.call({ key: deps.publishableKey }, RECORD, { events })) as RecordAnswer;
  sent.accepted += answer.recordEvents.results.filter(({ status }) => status === 'ACCEPTED').length;
}

/** @returns ms until `profile` showed the product that was looked at; null past the deadline */
async function probe(
  visitorId: string,
  number: number,
  by: { readonly deps: ProfileLoadDeps; readonly sent: Sent },
): Promise<number | null> {
  const productId = `${by.deps.run}-probed-${number}`;
  const occurredAt = new Date().toISOString();
  const start = performance.now();
  await send(
    [{ eventId: `${by.deps.run}-probe-${number}`, type: 'PRODUCT_VIEW', occurredAt, visitorId, productId, category: 'shoes' }],
    by,
  );
  while (performance.now() - start < PROBE_DEADLINE_MS) {
    const answer = (await by.deps.api.call({ key: by.deps.secretKey }, SEEN, { id: visitorId })) as SeenAnswer;
    if (answer.profile?.behaviour.lastProductId === productId) return performance.now() - start;
    await pause(POLL_MS);
  }
  return null;
}

interface RecordAnswer {
  readonly recordEvents: { readonly results: readonly { readonly status: string }[] };
}
interface SeenAnswer {
  readonly profile: { readonly behaviour: { readonly lastProductId: string | null } } | null;
}

const pick = <T>(items: readonly T[], rng: Rng): T | undefined => items[Math.floor(rng() * items.length)];
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
