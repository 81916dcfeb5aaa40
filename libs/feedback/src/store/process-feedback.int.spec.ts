import { visitorId, type VisitorId } from '@vitrine/kernel';
import { runMigrations } from '@vitrine/platform';
import { useMongo } from '@vitrine/testing';
import type { EventIdentity } from '../domain/clean-event';
import type { IncomingEvent } from '../domain/types';
import { aChunk, aDecision, anEvent, aWorker, hashVisitor, HOME, NOW, rowsOf } from './feedback.fixture';
import { feedbackMigrations } from './feedback.migrations';

const ANNA = visitorId('anna');
const ANNA_USER = visitorId('user-anna');
const consented: EventIdentity = {
  profileId: 'p-anna',
  consent: { ANALYTICS: { status: 'GRANTED', at: 1, source: 'test' } },
  hashes: [hashVisitor(ANNA_USER), hashVisitor(ANNA)],
};
const people: ReadonlyMap<VisitorId, EventIdentity> = new Map([[ANNA_USER, consented]]);

class Crash extends Error {}
const crash = (): never => {
  throw new Crash();
};

describe('processing feedback', () => {
  const mongo = useMongo();
  const db = () => mongo.connection();
  const rows = (collection: string) => rowsOf(db(), collection);
  beforeAll(async () => void (await runMigrations(db(), feedbackMigrations)));
  afterEach(() => mongo.clear());

  const entries = async () => (await rows('ledger_batches')).flatMap((batch) => [...batch['entries']]);

  /** Shown, clicked and bought, of `count` decisions. */
  function journeys(count: number): readonly IncomingEvent[] {
    return Array.from({ length: count }, () => aDecision('anna')).flatMap((decision) => [
      anEvent('IMPRESSION', ANNA, decision),
      anEvent('CLICK', ANNA, decision),
      anEvent('PURCHASE', ANNA, decision, { value: { amountMinor: 100, currency: 'EUR' } }),
    ]);
  }

  async function expectExactlyOnce(count: number): Promise<void> {
    const ledger = await entries();
    expect(await rows('events')).toHaveLength(3 * count);
    expect(ledger.filter(({ kind }) => kind === 'TRIAL')).toHaveLength(count);
    expect(ledger.filter(({ kind }) => kind === 'REWARD').reduce((sum, { reward }) => sum + reward, 0)).toBe(6 * count);
    expect(new Set(ledger.map(({ id }) => id)).size).toBe(ledger.length);
    const sum = (name: string) => rows('rollups').then((all) => all.reduce((total, row) => total + (row[name] ?? 0), 0));
    expect(await sum('trials')).toBe(count);
    expect(await sum('clickedTrials')).toBe(count);
    expect(await sum('purchases')).toBe(count);
    expect(await sum('revenueMinor')).toBe(100 * count);
  }

  it('counts every event once when eight workers take the same chunks at the same time', async () => {
    const events = journeys(10);
    const chunks = [aChunk(events.slice(0, 20)), aChunk(events.slice(10)), aChunk(events)];
    const workers = Array.from({ length: 8 }, () => aWorker(db()));
    const outcomes = await Promise.all(workers.flatMap(({ process }) => chunks.map((chunk) => process.execute(chunk))));
    expect(outcomes.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(30);
    await expectExactlyOnce(10);
  });

  it('leaves nothing behind when it dies before the commit, and everything once when it runs again', async () => {
    const chunk = aChunk(journeys(2));
    await expect(aWorker(db(), { hooks: { beforeCommit: crash } }).process.execute(chunk)).rejects.toThrow(Crash);
    for (const name of ['events', 'trials', 'ledger_batches', 'rollups']) expect(await rows(name)).toEqual([]);
    await aWorker(db()).process.execute(chunk);
    await expectExactlyOnce(2);
  });

  it('counts nothing again when it died after the commit, and still asks for the fold', async () => {
    const chunk = aChunk(journeys(2));
    const dying = aWorker(db(), { hooks: { afterCommit: crash } });
    await expect(dying.process.execute(chunk)).rejects.toThrow(Crash);
    expect(dying.requested).toEqual([]);
    const next = aWorker(db());
    expect(await next.process.execute(chunk)).toEqual({ accepted: 0, duplicates: 6, quarantined: 0, erased: 0, rules: {} });
    expect(next.requested).toEqual([HOME]);
    await expectExactlyOnce(2);
  });

  it('joins the events of one decision over several chunks', async () => {
    const { process } = aWorker(db());
    for (const event of journeys(1).toReversed()) await process.execute(aChunk([event]));
    await expectExactlyOnce(1);
  });

  it('writes no row that carries a visitor without consent, and counts all the same', async () => {
    await aWorker(db()).process.execute(aChunk(journeys(1)));
    const everything = JSON.stringify(await Promise.all(['events', 'trials', 'ledger_batches', 'rollups', 'quarantine'].map(rows)));
    expect(everything).not.toContain(hashVisitor(ANNA));
    expect(everything).not.toContain('anna');
    expect(everything).not.toContain('shop.example');
    await expectExactlyOnce(1);
  });

  it('accepts a token under another id of the same person and keeps the hash with consent', async () => {
    const event = anEvent('IMPRESSION', ANNA_USER, aDecision(ANNA));
    expect((await aWorker(db(), { people }).process.execute(aChunk([event]))).accepted).toBe(1);
    expect((await entries())[0]).toMatchObject({ kind: 'TRIAL', visitorHash: hashVisitor(ANNA) });
    expect((await rows('events'))[0]).toMatchObject({ visitorHash: hashVisitor(ANNA_USER), profileId: 'p-anna' });
    expect((await rows('trials'))[0]).toMatchObject({ visitorHash: hashVisitor(ANNA) });
  });

  it('quarantines a foreign token and what else the rules refuse, once, without the visitor', async () => {
    const { process } = aWorker(db());
    const foreign = anEvent('CLICK', visitorId('mallory'), aDecision('anna'));
    const hasty = anEvent('CLICK', ANNA, aDecision('anna', { decidedAt: NOW - 1_010 }));
    const forged = anEvent('CLICK', ANNA, null, { token: 'forged' });
    const refused = [{ eventId: 'early', rule: 'clock-skew', code: 'CLOCK_SKEW', type: null, at: NOW } as const];
    const chunk = aChunk([foreign, hasty, forged], { refused });
    await process.execute(chunk);
    await process.execute(chunk);
    const kept = await rows('quarantine');
    expect(new Set(kept.map(({ eventId, code }) => `${eventId} ${code}`))).toEqual(
      new Set([
        `${foreign.eventId} TOKEN_FOREIGN`,
        `${hasty.eventId} IMPOSSIBLE_TIMING`,
        `${forged.eventId} TOKEN_INVALID`,
        'early CLOCK_SKEW',
      ]),
    );
    expect(kept).toHaveLength(4);
    expect(JSON.stringify(kept)).not.toContain('mallory');
    for (const name of ['events', 'trials', 'ledger_batches', 'rollups']) expect(await rows(name)).toEqual([]);
  });

  it('takes chunks together as it would one after the other, an event that came twice as the first one’s', async () => {
    const decision = aDecision(ANNA);
    const seen = anEvent('IMPRESSION', ANNA, decision);
    const chunks = [
      aChunk([seen, anEvent('DWELL', ANNA, null)]),
      aChunk([anEvent('CLICK', ANNA, decision), seen], { receivedAt: NOW + 5 }),
      aChunk([anEvent('PURCHASE', ANNA, decision)], { receivedAt: NOW + 9 }),
    ];
    const together = await aWorker(db()).process.executeAll(chunks);
    const everything = async () => {
      const names = ['events', 'quarantine', 'trials', 'rollups', 'cleaning_counts'];
      // What is sealed is sealed with a nonce of its own each time.
      const plain = (row: { readonly _id: unknown }): object => ({ ...row, held: null });
      const all = names.map(async (name) => (await rows(name)).toSorted((a, b) => (String(a._id) < String(b._id) ? -1 : 1)).map(plain));
      return Promise.all(all);
    };
    const [rowsTogether, entriesTogether] = [await everything(), await entries()];
    expect(together.map(({ accepted, duplicates, quarantined }) => [accepted, duplicates, quarantined])).toEqual([
      [1, 0, 1],
      [1, 1, 0],
      [1, 0, 0],
    ]);
    await mongo.clear();
    const apart = aWorker(db());
    const outcomes = [];
    for (const chunk of chunks) outcomes.push(await apart.process.execute(chunk));
    expect(together).toEqual(outcomes);
    expect(rowsTogether).toEqual(await everything());
    expect(entriesTogether).toEqual(await entries());
  });

  it('keeps nothing of who was erased: what was on its way, and what their tokens say', async () => {
    const [mine, given, late] = [aDecision(ANNA), aDecision(ANNA), aDecision(ANNA, { decidedAt: NOW + 10 })];
    const chunk = aChunk([
      anEvent('IMPRESSION', ANNA, mine),
      anEvent('IMPRESSION', null, given),
      anEvent('DWELL', ANNA, null), // without a duration: the quarantine's, if anybody's
    ]);
    const buried = new Map([[hashVisitor(ANNA), NOW + 5]]);
    expect(await aWorker(db(), { buried }).process.execute(chunk)).toMatchObject({ accepted: 0, quarantined: 0, erased: 3 });
    for (const name of ['events', 'quarantine', 'trials', 'ledger_batches', 'rollups']) expect(await rows(name)).toEqual([]);

    const back = aChunk([anEvent('IMPRESSION', ANNA, late, { occurredAt: NOW + 20 })], { receivedAt: NOW + 20 });
    expect(await aWorker(db(), { buried }).process.execute(back)).toMatchObject({ accepted: 1, erased: 0 });
  });

  it('lets a bot leave no trace but its quarantine', async () => {
    const chunk = aChunk(journeys(1), { userAgent: 'Googlebot/2.1' });
    expect(await aWorker(db()).process.execute(chunk)).toEqual({
      accepted: 0,
      duplicates: 0,
      quarantined: 3,
      erased: 0,
      rules: { bot: 3 },
    });
    for (const name of ['events', 'trials', 'ledger_batches', 'rollups']) expect(await rows(name)).toEqual([]);
  });

  it('makes no trial of a decision that was clicked but never shown', async () => {
    const decision = aDecision('anna');
    const { process } = aWorker(db());
    await process.execute(aChunk([anEvent('ACTIVATION', ANNA, decision), anEvent('CLICK', ANNA, decision)]));
    expect(await entries()).toEqual([]);
    await process.execute(aChunk([anEvent('VIEWABLE_IMPRESSION', ANNA, decision)]));
    expect((await entries()).map(({ kind, reward }) => [kind, reward])).toEqual([
      ['TRIAL', 0],
      ['REWARD', 1],
    ]);
    const [rollup] = await rows('rollups');
    expect(rollup).toMatchObject({ activations: 1, impressions: 1, viewableImpressions: 1, trials: 1, clicks: 1, clickedTrials: 1 });
  });
});
