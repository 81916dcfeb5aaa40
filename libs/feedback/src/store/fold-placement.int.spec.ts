import { countsFamily, layoutOf } from '@vitrine/bandit';
import { bannerId, visitorId } from '@vitrine/kernel';
import { runMigrations } from '@vitrine/platform';
import { useMongo } from '@vitrine/testing';
import { aChunk, aDecision, anEvent, aVersion, aWorker, countsVersion, HOME, linearVersion, rowsOf } from './feedback.fixture';
import type { PolicyHeadDoc } from './feedback.documents';
import { feedbackMigrations } from './feedback.migrations';
import { toBinary } from './statistics.mapper';

const VISITOR = visitorId('vera');

class Crash extends Error {}

describe('folding a ledger', () => {
  const mongo = useMongo();
  const db = () => mongo.connection();
  beforeAll(async () => void (await runMigrations(db(), feedbackMigrations)));
  afterEach(() => mongo.clear());

  /** One batch of two entries: a banner shown and clicked. */
  async function feed(times: number, banner = 'b1'): Promise<void> {
    const { process } = aWorker(db());
    for (let i = 0; i < times; i++) {
      const decision = aDecision(VISITOR, { bannerId: bannerId(banner) });
      await process.execute(aChunk([anEvent('IMPRESSION', VISITOR, decision), anEvent('CLICK', VISITOR, decision)]));
    }
  }

  it('puts trials and rewards into the statistics of every version, and announces the revisions', async () => {
    await feed(3);
    const { fold, states, notices } = aWorker(db());
    const outcome = await fold.execute(HOME);
    expect(outcome).toMatchObject({ lastSeq: 3, caughtUp: true });
    expect(outcome.versions.map(({ folded, skipped, revision, cursor }) => [folded, skipped, revision, cursor])).toEqual([
      [6, 0, 1, 3],
      [6, 0, 1, 3],
    ]);
    const { arms } = await states.snapshot(countsVersion.id);
    expect([...(arms.get(bannerId('b1')) ?? [])]).toEqual([3, 3, 3]);
    expect(notices).toEqual([countsVersion, linearVersion].map(({ id }) => ({ kind: 'state', id, revision: 1 })));
    expect((await fold.execute(HOME)).versions.every(({ folded, revision }) => folded === 0 && revision === 1)).toBe(true);
  });

  it('lets one of eight concurrent folds advance the state and fences the others', async () => {
    await feed(2);
    const first = aWorker(db());
    await first.ledger.sequence(HOME);
    const head = await first.states.head(linearVersion.id);
    const step = { from: head, placementId: HOME, cursor: 2, entries: 4, skipped: 0, layout: 'linear', arms: new Map(), at: 1 };
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => aWorker(db()).states.advance(step)));
    expect(outcomes.filter((outcome) => outcome === 'advanced')).toHaveLength(1);
    expect(await first.states.head(linearVersion.id)).toMatchObject({ revision: 1, cursor: 2 });
  });

  it('counts each entry once when eight workers fold at the same time', async () => {
    await feed(5);
    await Promise.all(Array.from({ length: 8 }, () => aWorker(db(), { batchesPerStep: 1 }).fold.execute(HOME)));
    const { verifier, fold, states } = aWorker(db());
    await fold.execute(HOME);
    expect([...((await states.snapshot(countsVersion.id)).arms.get(bannerId('b1')) ?? [])]).toEqual([5, 5, 5]);
    for (const { id } of [countsVersion, linearVersion])
      expect(await verifier.verify(id)).toMatchObject({ ok: true, cursor: 5, entries: 10, faults: [] });
  });

  it('changes nothing when it dies half way, and folds once when it runs again', async () => {
    await feed(2);
    const midFold = (): never => {
      throw new Crash();
    };
    await expect(aWorker(db(), { hooks: { midFold } }).fold.execute(HOME)).rejects.toThrow(Crash);
    const { fold, states, verifier } = aWorker(db());
    expect((await states.head(countsVersion.id)).revision).toBe(0);
    expect(await rowsOf(db(), 'policy_arms')).toEqual([]);
    await fold.execute(HOME);
    expect((await verifier.verify(countsVersion.id)).ok).toBe(true);
    expect([...((await states.snapshot(countsVersion.id)).arms.get(bannerId('b1')) ?? [])]).toEqual([2, 2, 2]);
  });

  it('never skips a batch that commits late', async () => {
    const { ledger, unitOfWork, fold } = aWorker(db());
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let written = (): void => undefined;
    const inserted = new Promise<void>((resolve) => (written = resolve));
    const late = unitOfWork.run(async (session) => {
      await ledger.append(session, [{ placementId: HOME, entries: [], createdAt: 1 }]); // its id is the oldest
      written();
      await gate;
    });
    await inserted;
    await feed(2);
    expect((await fold.execute(HOME)).lastSeq).toBe(2);
    release();
    await late;
    const outcome = await fold.execute(HOME);
    expect(outcome.lastSeq).toBe(3);
    expect(outcome.versions.map(({ cursor }) => cursor)).toEqual([3, 3]);
    const order = (await ledger.read(HOME, { after: 0, upTo: 9, limit: 9 })).map(({ foldSeq, entries }) => [foldSeq, entries.length]);
    expect(order).toEqual([
      [1, 2],
      [2, 2],
      [3, 0],
    ]);
  });

  it('gives a new version the whole past, in steps, equal to the last bit to a version that was always there', async () => {
    await feed(4);
    await feed(3, 'b2');
    await aWorker(db()).fold.execute(HOME);
    const late = aVersion(3);
    const { fold, states } = aWorker(db(), { versions: [linearVersion, late], batchesPerStep: 2 });
    expect(await fold.execute(HOME)).toMatchObject({ caughtUp: true });
    const [there, caughtUp] = [await states.snapshot(linearVersion.id), await states.snapshot(late.id)];
    expect(caughtUp.arms).toEqual(there.arms);
    expect(caughtUp.head).toMatchObject({ revision: 4, cursor: 7, entries: 14 });
  });

  it('folds the whole ledger again when the statistics have the layout of another release', async () => {
    await feed(3);
    const { fold, states, verifier } = aWorker(db());
    await fold.execute(HOME);
    const heads = db().collection<PolicyHeadDoc>('policy_heads');
    await heads.updateOne({ _id: countsVersion.id }, { $set: { layout: 'counts/1/2' } });
    await db()
      .collection('policy_arms')
      .updateMany({ versionId: countsVersion.id }, { $set: { statistics: toBinary(Float64Array.of(3, 3)) } });
    await feed(1);
    await fold.execute(HOME);
    expect(await states.head(countsVersion.id)).toMatchObject({ layout: layoutOf(countsFamily), cursor: 4, entries: 8 });
    expect([...((await states.snapshot(countsVersion.id)).arms.get(bannerId('b1')) ?? [])]).toEqual([4, 4, 4]);
    expect((await verifier.verify(countsVersion.id)).ok).toBe(true);
  });

  it('skips contexts of another schema in a linear version and folds them in one that reads none', async () => {
    await feed(2);
    const other = aVersion(4, { featureSchema: 1 });
    const { fold } = aWorker(db(), { versions: [other, countsVersion] });
    expect((await fold.execute(HOME)).versions.map(({ folded, skipped }) => [folded, skipped])).toEqual([
      [0, 4],
      [4, 0],
    ]);
  });

  it('tells a reader what changed since a revision, all of one moment', async () => {
    await feed(1);
    const { fold, states } = aWorker(db());
    expect(await states.load(countsVersion.id, 0)).toBeNull();
    await fold.execute(HOME);
    await feed(1, 'b2');
    await fold.execute(HOME);
    const delta = await states.load(countsVersion.id, 1);
    expect(delta?.head.revision).toBe(2);
    expect(delta?.arms.map((arm) => [arm.bannerId, arm.revision, [...arm.statistics]])).toEqual([['b2', 2, [1, 1, 1]]]);
    expect((await states.load(countsVersion.id, 2))?.arms).toEqual([]);
    expect((await states.load(countsVersion.id, 9))?.arms).toHaveLength(2);
  });

  it('names the placements with something to do, until it is done', async () => {
    const { findWork, fold, ledger } = aWorker(db());
    expect(await findWork.execute()).toEqual([]);
    await feed(1);
    expect(await findWork.execute()).toEqual([HOME]);
    await ledger.sequence(HOME);
    expect(await findWork.execute()).toEqual([HOME]);
    await fold.execute(HOME);
    expect(await findWork.execute()).toEqual([]);
    expect(await aWorker(db(), { versions: [aVersion(5)] }).findWork.execute()).toEqual([HOME]);
  });

  it('reads the ledger by index, however long it is', async () => {
    const batches = db().collection('ledger_batches');
    const sequenced = await batches
      .find({ placementId: HOME, foldSeq: { $gt: 0, $lte: 9 } })
      .sort({ foldSeq: 1 })
      .explain();
    const waiting = await batches.find({ placementId: HOME, foldSeq: null }).sort({ _id: 1 }).explain();
    for (const plan of [sequenced, waiting]) expect(JSON.stringify(plan['queryPlanner'].winningPlan)).not.toMatch(/COLLSCAN|"SORT"/);
  });
});
