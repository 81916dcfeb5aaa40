import { visitorId, type VisitorId } from '@vitrine/kernel';
import { runMigrations } from '@vitrine/platform';
import { useMongo } from '@vitrine/testing';
import type { EventIdentity } from '../domain/clean-event';
import { CLEANING_RULE_NAMES, type CleaningRuleName } from '../domain/cleaning/cleaning-rule';
import { RedriveQuarantined } from '../application/redrive-quarantined';
import type { FeedbackChunk } from '../domain/feedback-chunk';
import { aChunk, aDecision, anEvent, aWorker, hashVisitor, NOW, rowsOf, sealer } from './feedback.fixture';
import { feedbackMigrations } from './feedback.migrations';
import { MongoCleaningCounts } from './mongo-cleaning-counts';
import { MongoQuarantineStore } from './mongo-quarantine.store';

const ANNA = visitorId('anna');
const people: ReadonlyMap<VisitorId, EventIdentity> = new Map([
  [ANNA, { profileId: 'p-anna', consent: { ANALYTICS: { status: 'GRANTED', at: 1, source: 'test' } }, hashes: [hashVisitor(ANNA)] }],
]);
const ALL = { rule: null, eventId: null, from: null, before: null };
const money = (amountMinor: number, currency = 'EUR') => ({ value: { amountMinor, currency } });

describe('cleaning', () => {
  const mongo = useMongo();
  const db = () => mongo.connection();
  const rows = (collection: string) => rowsOf(db(), collection);
  const quarantine = () => new MongoQuarantineStore({ connection: db(), sealer });
  const counts = () => new MongoCleaningCounts(db()).read();
  const none = Object.fromEntries(CLEANING_RULE_NAMES.map((name) => [name, 0]));
  beforeAll(async () => void (await runMigrations(db(), feedbackMigrations)));
  afterEach(() => mongo.clear());

  /** Drives again what the filter or the ids name, through a worker with these rules off. */
  async function redrive(request: { ids?: readonly string[]; rule?: string }, disabled: readonly CleaningRuleName[] = []) {
    const chunks: FeedbackChunk[] = [];
    const queue = { add: async (_: number, chunk: FeedbackChunk) => void chunks.push(chunk) };
    const { ids, rule } = request;
    const filter = rule === undefined ? null : { ...ALL, rule };
    const outcome = await new RedriveQuarantined({ quarantine: quarantine(), queue, partitions: 1 }).execute({ ids: ids ?? null, filter });
    const { process } = aWorker(db(), { people, cleaning: { disabled } });
    for (const chunk of chunks) await process.execute(chunk);
    return { outcome, chunks };
  }

  const click = () => anEvent('CLICK', ANNA, aDecision('anna'));
  const spree = () => Array.from({ length: 31 }, (_, at) => anEvent('PAGE_VIEW', ANNA, null, { occurredAt: NOW - 3_000 + at }));
  const twice = () => {
    const first = anEvent('PAGE_VIEW', ANNA, null);
    return [first, { ...first, eventId: `${first.eventId}-again` }];
  };

  it.each<[CleaningRuleName, () => FeedbackChunk, number]>([
    ['bot', () => aChunk([anEvent('PAGE_VIEW', ANNA, null)], { userAgent: 'Googlebot/2.1' }), 1],
    ['internal-traffic', () => aChunk([anEvent('PAGE_VIEW', ANNA, null)], { internal: true }), 1],
    ['schema', () => aChunk([anEvent('DWELL', ANNA, null)]), 1],
    ['clock-skew', () => aChunk([anEvent('PAGE_VIEW', ANNA, null, { occurredAt: NOW + 3_600_000 })]), 1],
    ['impossible-timing', () => aChunk([anEvent('CLICK', ANNA, aDecision('anna', { decidedAt: NOW - 1_020 }))]), 1],
    ['currency', () => aChunk([anEvent('PURCHASE', ANNA, null, money(1, 'CHF'))]), 1],
    ['outlier', () => aChunk([anEvent('PURCHASE', ANNA, null, money(10_000_001))]), 1],
    ['duplicate', () => aChunk(twice()), 1],
    ['bot-rate', () => aChunk(spree()), 31],
    ['click-without-impression', () => aChunk([click()]), 1],
  ])('counts what %s does, once however often the chunk runs, and nothing when it is switched off', async (rule, chunkOf, count) => {
    const off = aWorker(db(), { people, cleaning: { disabled: [rule] } });
    const chunk = chunkOf();
    const without = await off.process.execute(chunkOf());
    expect(without.rules[rule]).toBeUndefined();
    expect(without.accepted).toBe(chunk.events.length);
    expect(await counts()).toEqual({ ...none, ...without.rules });
    await mongo.clear();

    const on = aWorker(db(), { people });
    expect((await on.process.execute(chunk)).rules[rule]).toBe(count);
    expect((await on.process.execute(chunk)).rules).toEqual({});
    expect((await counts())[rule]).toBe(count);
  });

  it('counts an id that is sent again, once however often its chunk runs, and stores the event once', async () => {
    const { process } = aWorker(db(), { people });
    const event = anEvent('PAGE_VIEW', ANNA, null);
    await process.execute(aChunk([event]));
    const pastTheEdge = aChunk([event], { receivedAt: NOW + 5 });
    const seenAtTheEdge = aChunk([], { receivedAt: NOW + 6, repeated: [event.eventId] });
    for (const chunk of [pastTheEdge, seenAtTheEdge]) {
      expect(await process.execute(chunk)).toMatchObject({ accepted: 0, quarantined: 0, rules: { duplicate: 1 } });
      expect(await process.execute(chunk)).toMatchObject({ accepted: 0, quarantined: 0, rules: {} });
    }
    const { process: without } = aWorker(db(), { people, cleaning: { disabled: ['duplicate'] } });
    expect((await without.execute(aChunk([event], { receivedAt: NOW + 7 }))).rules).toEqual({});
    expect(await rows('events')).toHaveLength(1);
    expect(await rows('quarantine')).toEqual([]);
    expect(await counts()).toEqual({ ...none, duplicate: 2 });
  });

  it('keeps a capped amount and a converted one, with what they said', async () => {
    const sent = [anEvent('PURCHASE', ANNA, null, money(10_000_001)), anEvent('PURCHASE', ANNA, null, money(10, 'USD'))];
    await aWorker(db(), { people }).process.execute(aChunk(sent));
    expect(await rows('events')).toMatchObject([
      { amountMinor: 10_000_000, currency: 'EUR', cleaning: [{ rule: 'outlier', was: { amountMinor: 10_000_001 } }] },
      { amountMinor: 5, currency: 'EUR', cleaning: [{ rule: 'currency', was: { amountMinor: 10, currency: 'USD' } }] },
    ]);
  });

  it('loses no click that comes before its impression, in the same chunk or in a later one', async () => {
    const { process } = aWorker(db(), { people });
    const [early, late] = [aDecision('anna'), aDecision('anna')];
    await process.execute(aChunk([anEvent('CLICK', ANNA, early), anEvent('IMPRESSION', ANNA, early), anEvent('CLICK', ANNA, late)]));
    expect((await counts())['click-without-impression']).toBe(1);
    await process.execute(aChunk([anEvent('IMPRESSION', ANNA, late)]));
    const entries = (await rows('ledger_batches')).flatMap((batch) => [...batch['entries']]);
    expect(entries.filter(({ kind }) => kind === 'REWARD').map(({ reward }) => reward)).toEqual([1, 1]);
    expect(await rows('quarantine')).toEqual([]);
  });

  it('lists by rule, received last first, page by page without a gap', async () => {
    const { process } = aWorker(db(), { people });
    for (let at = 0; at < 5; at++) await process.execute(aChunk([anEvent('DWELL', ANNA, null)], { receivedAt: NOW + Math.floor(at / 2) }));
    await process.execute(aChunk([anEvent('PAGE_VIEW', ANNA, null)], { userAgent: 'Googlebot/2.1' }));
    const filter = { ...ALL, rule: 'schema' };
    const whole = (await quarantine().list(filter, { first: 10, after: null })).rows;
    expect(whole).toHaveLength(5);
    expect(whole.map(({ at }) => at)).toEqual([NOW + 2, NOW + 1, NOW + 1, NOW, NOW]);
    const first = await quarantine().list(filter, { first: 2, after: null });
    const second = await quarantine().list(filter, { first: 3, after: first.rows.at(-1) ?? null });
    expect([...first.rows, ...second.rows]).toEqual(whole);
    expect([first.hasNextPage, second.hasNextPage]).toEqual([true, false]);
  });

  it('holds an event sealed, under the hash of its visitor with consent and under none without', async () => {
    await aWorker(db(), { people }).process.execute(aChunk([anEvent('DWELL', ANNA, null)]));
    await aWorker(db()).process.execute(aChunk([anEvent('DWELL', visitorId('berta'), null)]));
    const held = await rows('quarantine');
    expect(held.map((row) => row['visitorHash'])).toEqual([hashVisitor(ANNA), null]);
    expect(JSON.stringify(held)).not.toMatch(/anna"|berta|shop\.example/);
    const opened = held.map((row) => sealer.open(String(row._id), String(row['held']))?.event);
    expect(opened).toMatchObject([
      { visitorId: ANNA, url: 'https://shop.example/secret' },
      { visitorId: null, url: null },
    ]);
  });

  it('drives again what a rule held: nothing while the rule stands, everything once when it is off, nothing more the second time', async () => {
    const { process } = aWorker(db(), { people });
    const decision = aDecision('anna', { decidedAt: NOW - 1_020 });
    await process.execute(aChunk([anEvent('IMPRESSION', ANNA, decision), anEvent('CLICK', ANNA, decision)]));
    expect(await counts()).toEqual({ ...none, 'impossible-timing': 1 });

    const inVain = await redrive({ rule: 'impossible-timing' });
    expect(inVain.outcome).toEqual({ queued: 1, skipped: 0, more: false });
    const [still] = (await quarantine().list(ALL, { first: 10, after: null })).rows;
    expect(still).toMatchObject({ rule: 'impossible-timing', redrivable: true, redrivenAt: NOW });
    expect(await counts()).toEqual({ ...none, 'impossible-timing': 1 });

    const { chunks } = await redrive({ ids: [still?.id ?? ''] }, ['impossible-timing']);
    const after = async () => Promise.all(['events', 'trials', 'ledger_batches', 'rollups', 'quarantine', 'cleaning_counts'].map(rows));
    const settled = await after();
    expect(await rows('events')).toMatchObject([{ type: 'IMPRESSION' }, { type: 'CLICK', visitorHash: hashVisitor(ANNA) }]);
    expect(await rows('quarantine')).toEqual([]);

    const again = aWorker(db(), { people, cleaning: { disabled: ['impossible-timing'] } });
    for (const chunk of chunks) expect(await again.process.execute(chunk)).toMatchObject({ accepted: 0, quarantined: 0, rules: {} });
    expect((await redrive({ ids: [still?.id ?? ''] })).outcome).toEqual({ queued: 0, skipped: 1, more: false });
    expect(await after()).toEqual(settled);
  });

  it('remembers of what it holds that it came from inside, named or not, until the rule is off', async () => {
    const berta = visitorId('berta');
    const chunk = aChunk([anEvent('PAGE_VIEW', ANNA, null), anEvent('PAGE_VIEW', berta, null)], { internal: true });
    await aWorker(db(), { people }).process.execute(chunk);
    await redrive({ rule: 'internal-traffic' });
    expect(await rows('events')).toEqual([]);
    expect(await rows('quarantine')).toHaveLength(2);
    await redrive({ rule: 'internal-traffic' }, ['internal-traffic']);
    expect(await rows('events')).toHaveLength(2);
    expect(await rows('quarantine')).toEqual([]);
  });

  it('lets the verdict over a whole chunk stand when its events are driven again, until the rule is off', async () => {
    await aWorker(db(), { people }).process.execute(aChunk(spree()));
    await redrive({ rule: 'bot-rate' });
    expect(await rows('events')).toEqual([]);
    expect((await redrive({ rule: 'bot-rate' }, ['bot-rate', 'duplicate'])).outcome.queued).toBe(31);
    expect(await rows('events')).toHaveLength(31);
    expect(await rows('quarantine')).toEqual([]);
  });
});
