import { visitorId } from '@vitrine/kernel';
import { runMigrations } from '@vitrine/platform';
import { useMongo } from '@vitrine/testing';
import type { TimelineEvent, TimelineQuery } from '../application/timeline.ports';
import type { EventIdentity } from '../domain/clean-event';
import { EVENT_TYPES, type EventType } from '../domain/types';
import { aChunk, aDecision, anEvent, aWorker, hashVisitor, NOW } from './feedback.fixture';
import { COLLECTIONS, type EventDoc } from './feedback.documents';
import { feedbackMigrations } from './feedback.migrations';
import { MongoTimelineReader } from './mongo-timeline.reader';

const IDS = Array.from({ length: 100 }, (_, i) => `id-${i}`);
const HASHES = IDS.map(hashVisitor);
const NOTHING = { placementId: null, bannerId: null, decisionId: null, slot: null, productId: null, category: null, amountMinor: null };

/** Events that share a moment. */
const SAME_MOMENT = 4;

/** Event `i`, under one of a hundred ids or a stranger's. */
function row(i: number, over: Partial<EventDoc> = {}): EventDoc {
  const at = new Date(NOW - Math.floor(i / SAME_MOMENT) * 1_000);
  const held = {
    occurredAt: at,
    receivedAt: at,
    device: 'MOBILE',
    profileId: null,
    url: null,
    properties: null,
    currency: null,
    dwellMs: null,
  };
  const type = EVENT_TYPES[i % EVENT_TYPES.length] ?? 'CLICK';
  const visitorHash = i % 5 === 4 ? hashVisitor('stranger') : (HASHES[(i * 37) % HASHES.length] ?? null);
  return { _id: `e${String(i).padStart(4, '0')}`, type, visitorHash, ...held, ...NOTHING, ...over };
}
const rows = Array.from({ length: 900 }, (_, i) => row(i));
const own = rows.filter(({ visitorHash }) => visitorHash !== hashVisitor('stranger'));
const newestFirst = own.toSorted((a, b) => b.occurredAt.getTime() - a.occurredAt.getTime() || (a._id < b._id ? 1 : -1));

describe('the timeline of a person', () => {
  const mongo = useMongo();
  beforeAll(async () => {
    await Promise.all(Array.from({ length: 3 }, () => runMigrations(mongo.connection(), feedbackMigrations)));
    await mongo.connection().collection<EventDoc>(COLLECTIONS.events).insertMany(rows);
  });
  const list = (over: Partial<TimelineQuery> = {}) =>
    new MongoTimelineReader(mongo.connection()).list({ hashes: HASHES, types: null, first: 7, after: null, ...over });
  const walk = async (types: readonly EventType[] | null): Promise<readonly TimelineEvent[]> => {
    const found: TimelineEvent[] = [];
    for (let after: TimelineQuery['after'] = null; ;) {
      const { events, hasNextPage } = await list({ types, after });
      found.push(...events);
      const last = events.at(-1);
      after = last === undefined ? null : { at: last.occurredAt, id: last.id };
      if (!hasNextPage) return found;
    }
  };

  it('has each event under any of the ids once, newest first, and nobody else’s', async () => {
    expect((await walk(null)).map(({ id }) => id)).toEqual(newestFirst.map(({ _id }) => _id));
    const some = newestFirst.filter(({ type }) => type === 'CLICK' || type === 'PURCHASE');
    expect((await walk(['CLICK', 'PURCHASE'])).map(({ id }) => id)).toEqual(some.map(({ _id }) => _id));
    expect(await list({ hashes: [hashVisitor('nobody')] })).toEqual({ events: [], hasNextPage: false });
  });

  it.each([
    ['every type', null],
    ['one type', ['PURCHASE'] as const],
  ])('of %s is merged from walks of one index, whatever lies behind the page', async (_, types) => {
    const { db } = mongo.connection();
    if (db === undefined) throw new RangeError('connected');
    await db.command({ profile: 0 });
    await db.dropCollection('system.profile').catch(() => undefined);
    await db.command({ profile: 2 });
    const { events } = await list({ types });
    const last = events.at(-1);
    await list({ types, after: { at: last?.occurredAt ?? 0, id: last?.id ?? '' } });
    await db.command({ profile: 0 });
    const work = await db.collection('system.profile').find({ op: 'query' }).toArray();
    expect(work).toHaveLength(2);
    for (const { hasSortStage, planSummary, docsExamined, nreturned } of work) {
      expect(planSummary).toMatch(/^IXSCAN/);
      expect(hasSortStage).toBeUndefined();
      expect(docsExamined - nreturned).toBeLessThanOrEqual(SAME_MOMENT); // what shares the moment of the cursor
    }
  });

  it('tells what an event was about, and what cleaning found', async () => {
    const anna = visitorId('anna');
    const person: EventIdentity = {
      profileId: 'p',
      consent: { ANALYTICS: { status: 'GRANTED', at: 1, source: 'test' } },
      hashes: [hashVisitor(anna)],
    };
    const { process } = aWorker(mongo.connection(), { people: new Map([[anna, person]]) });
    const decision = aDecision(anna);
    const bought = { productId: 'hat-1', category: 'hats', value: { amountMinor: 400, currency: 'USD' } };
    await process.execute(
      aChunk([anEvent('IMPRESSION', anna, decision), anEvent('PURCHASE', anna, decision, { ...bought, occurredAt: NOW })]),
    );
    await process.execute(aChunk([anEvent('CLICK', null, null)]));
    const { events } = await list({ hashes: person.hashes });
    expect(events).toMatchObject([
      {
        type: 'PURCHASE',
        occurredAt: NOW,
        ...{ placementId: 'home', bannerId: 'b1', slot: 0, decisionId: decision.decisionId, productId: 'hat-1', category: 'hats' },
        ...{ amountMinor: 200, currency: 'EUR', notes: [{ rule: 'currency', was: { amountMinor: 400, currency: 'USD' } }] },
      },
      { type: 'IMPRESSION', notes: [] },
    ]);
  });
});
