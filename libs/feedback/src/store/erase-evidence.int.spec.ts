import type { Connection } from 'mongoose';
import { bannerId, visitorId, type BannerId, type VisitorId } from '@vitrine/kernel';
import { runMigrations } from '@vitrine/platform';
import { fakeClock, useMongo } from '@vitrine/testing';
import { FoldPlacement } from '../application/fold-placement';
import type { EventIdentity } from '../domain/clean-event';
import type { FeedbackChunk } from '../domain/feedback-chunk';
import { aChunk, aDecision, anEvent, aVersion, aWorker, countsVersion, hashVisitor, HOME, linearVersion, NOW } from './feedback.fixture';
import { feedbackMigrations } from './feedback.migrations';
import { ForgetLedgerNames } from './forget-ledger-names';

const [ANNA, BERTA] = [visitorId('anna'), visitorId('berta')];
const consenting = (id: VisitorId): EventIdentity => ({
  profileId: `p-${id}`,
  consent: { ANALYTICS: { status: 'GRANTED', at: 1, source: 'test' } },
  hashes: [hashVisitor(id)],
});
const people = new Map([ANNA, BERTA].map((id) => [id, consenting(id)]));
const discounted = aVersion(3, {
  policy: { name: 'discounted-thompson', params: {}, floor: 0 },
  dimension: 0,
  featureSchema: 0,
});
const logistic = aVersion(4, { policy: { name: 'logistic-thompson', params: {}, floor: 0 } });
const versions = [countsVersion, linearVersion, discounted, logistic];
const anna = { hashes: [hashVisitor(ANNA)], decisionIds: [], until: NOW + 1 };

type Take = { readonly visitor: VisitorId; readonly chunk: FeedbackChunk };

/** Both shop in turn, each shown one banner at a time; Anna buys more. */
function story(turns: number, from = 0): readonly Take[] {
  return Array.from({ length: turns }, (_, turn) => {
    const visitor = turn % 2 === 0 ? ANNA : BERTA;
    const banner = bannerId(`b${(from + turn) % 3}`);
    const decision = aDecision(visitor, { bannerId: banner, propensity: 0.2 + 0.1 * (turn % 4), decidedAt: NOW - 60_000 - 1_000 * turn });
    const clicked = turn % 3 === 0 ? [anEvent('CLICK', visitor, decision)] : [];
    const bought = turn % 4 === 0 ? [anEvent('PURCHASE', visitor, decision)] : [];
    return { visitor, chunk: aChunk([anEvent('IMPRESSION', visitor, decision), ...clicked, ...bought]) };
  });
}

describe('taking a person out of what was learned', () => {
  afterAll(() => without().dropDatabase()); // before the connection is closed, which comes next
  const mongo = useMongo();
  const db = (): Connection => mongo.connection();
  /** A world in which Anna never was. */
  const without = (): Connection => db().useDb(`${db().name}-without`, { useCache: true });
  beforeAll(async () => {
    await runMigrations(db(), feedbackMigrations);
    await runMigrations(without(), feedbackMigrations);
  });
  beforeEach(() => mongo.clear());
  afterEach(async () => {
    for (const name of ['ledger_batches', 'ledger_heads', 'policy_heads', 'policy_arms', 'fold_log', 'events', 'trials'])
      await without().collection(name).deleteMany({});
  });

  const worker = (connection = db(), more = {}) => aWorker(connection, { people, versions, ...more });

  async function play(takes: readonly Take[], connection = db()): Promise<void> {
    for (const { chunk } of takes) await worker(connection).process.execute(chunk);
  }

  async function stateOf(connection: Connection, version = linearVersion) {
    const { head, arms } = await worker(connection).states.snapshot(version.id);
    return { entries: head.entries, arms };
  }

  /** Everybody's state here is what it is where only the others ever were, to 1e-9 and for every version. */
  async function expectSameAsWithout(takes: readonly Take[]): Promise<void> {
    await play(
      takes.filter(({ visitor }) => visitor !== ANNA),
      without(),
    );
    await worker(without()).fold.execute(HOME);
    for (const version of versions) {
      const [here, there] = [await stateOf(db(), version), await stateOf(without(), version)];
      expect([version.id, here.entries]).toEqual([version.id, there.entries]);
      expectClose(here.arms, there.arms);
      expect(await worker().verifier.verify(version.id)).toMatchObject({ ok: true, faults: [] });
    }
  }

  it('leaves the state of a ledger that never had them, a base that verifies, and nothing of theirs', async () => {
    const takes = story(24);
    await play(takes);
    await worker().fold.execute(HOME);
    const before = await worker().states.head(linearVersion.id);
    const { entries, versions: withdrawn } = await worker().erase.execute(anna);
    expect(entries).toBe(takes.filter(({ visitor }) => visitor === ANNA).reduce((sum, { chunk }) => sum + chunk.events.length, 0));
    expect(withdrawn.map(({ versionId, how }) => [versionId, how])).toEqual([
      [countsVersion.id, 'UNFOLDED'],
      [linearVersion.id, 'UNFOLDED'],
      [discounted.id, 'UNFOLDED'],
      [logistic.id, 'FOLD_SCHEDULED'],
    ]);
    expect(await worker().states.head(linearVersion.id)).toMatchObject({ revision: before.revision + 1, cursor: before.cursor });
    expect(JSON.stringify(await db().collection('ledger_batches').find().toArray())).not.toContain(hashVisitor(ANNA));
    expect(await worker().findWork.execute()).toEqual([HOME]); // should the request be lost
    await worker().fold.execute(HOME); // what was scheduled
    expect(await worker().findWork.execute()).toEqual([]);
    await expectSameAsWithout(takes);
    expect(await worker().erase.execute(anna)).toEqual({ entries: 0, versions: [] });
  });

  it('goes on from the base: more is folded, more people are erased, and it still verifies', async () => {
    const [early, late] = [story(10), story(14, 1)];
    await play(early);
    await worker().fold.execute(HOME);
    await worker().erase.execute(anna);
    await play(late);
    await worker().fold.execute(HOME);
    expect(await worker().verifier.verify(linearVersion.id)).toMatchObject({ ok: true });
    await worker().erase.execute(anna);
    await worker().fold.execute(HOME);
    await expectSameAsWithout([...early, ...late]);
  });

  it('takes out what no version has folded yet, numbered or not', async () => {
    const takes = story(12);
    await play(takes.slice(0, 4));
    await worker().fold.execute(HOME);
    await play(takes.slice(4, 8));
    await worker().ledger.sequence(HOME);
    await play(takes.slice(8));
    await worker().erase.execute(anna);
    await worker().fold.execute(HOME);
    await expectSameAsWithout(takes);
  });

  it('fences a fold that had read the ledger before', async () => {
    const takes = story(8);
    await play(takes.slice(0, 4));
    await worker().fold.execute(HOME);
    await play(takes.slice(4));
    const { ledger, states, rebuilder, policies } = worker();
    let outcome: unknown = null;
    const slow = {
      last: ledger.last.bind(ledger),
      listLast: ledger.listLast.bind(ledger),
      listUnsequenced: ledger.listUnsequenced.bind(ledger),
      read: async (...range: Parameters<typeof ledger.read>) => {
        const batches = await ledger.read(...range);
        outcome ??= await worker().erase.execute(anna); // in between reading and committing
        return batches;
      },
    };
    const shared = { states, rebuilder, policies, announce: () => undefined, clock: fakeClock(NOW) };
    const fold = new FoldPlacement({ ...shared, ledger: slow, sequencer: ledger });
    expect((await fold.execute(HOME)).versions[0]).toMatchObject({ fenced: true });
    expect(outcome).toMatchObject({ entries: expect.any(Number) });
    await worker().fold.execute(HOME);
    await expectSameAsWithout(takes);
  });

  it('takes a trial as a whole, also where only its decision says whose it is', async () => {
    const takes = story(6);
    await play(takes);
    await db()
      .collection('ledger_batches')
      .updateMany({}, { $set: { 'entries.$[].visitorHash': null } });
    const decisionIds = (
      await db()
        .collection('events')
        .distinct('decisionId', { visitorHash: hashVisitor(ANNA) })
    ).map(String);
    await worker().fold.execute(HOME);
    await worker().erase.execute({ ...anna, decisionIds: decisionIds as never });
    await worker().fold.execute(HOME);
    const { arms } = await stateOf(db(), countsVersion);
    await play(
      takes.filter(({ visitor }) => visitor !== ANNA),
      without(),
    );
    await worker(without()).fold.execute(HOME);
    expectClose(arms, (await stateOf(without(), countsVersion)).arms);
  });

  it('spares what somebody did after they came back', async () => {
    await play(story(4));
    await worker().fold.execute(HOME);
    expect(await worker().erase.execute({ ...anna, until: NOW - 10_000_000 })).toEqual({ entries: 0, versions: [] });
  });

  it('lets old entries name nobody, and verifies all the same', async () => {
    await play(story(6));
    await worker().fold.execute(HOME);
    const names = new ForgetLedgerNames({ connection: db(), clock: fakeClock(NOW + 101 * 86_400_000), keptDays: 100 });
    expect(await names.execute()).toBe(6);
    expect(await names.execute()).toBe(0);
    expect(JSON.stringify(await db().collection('ledger_batches').find().toArray())).not.toContain(hashVisitor(ANNA));
    expect(await worker().verifier.verify(linearVersion.id)).toMatchObject({ ok: true, entries: (await stateOf(db())).entries });
  });

  it('gives up the base when the state is folded from the beginning', async () => {
    await play(story(8));
    await worker().fold.execute(HOME);
    await worker().erase.execute(anna);
    expect((await worker().states.findBase(linearVersion.id))?.entries).toBeGreaterThan(0);
    await worker().rebuilder.replaceLiveState(linearVersion.id);
    expect(await worker().states.findBase(linearVersion.id)).toBeNull();
    expect(await db().collection('policy_bases').countDocuments({ versionId: linearVersion.id })).toBe(0);
    expect(await worker().verifier.verify(linearVersion.id)).toMatchObject({ ok: true });
  });
});

function expectClose(actual: ReadonlyMap<BannerId, Float64Array>, expected: ReadonlyMap<BannerId, Float64Array>): void {
  for (const id of new Set([...actual.keys(), ...expected.keys()])) {
    const [a, b] = [actual.get(id), expected.get(id)];
    const length = (a ?? b)?.length ?? 0;
    for (let i = 0; i < length; i++)
      expect(Math.abs((a?.[i] ?? 0) - (b?.[i] ?? 0))).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(b?.[i] ?? 0)));
  }
}
