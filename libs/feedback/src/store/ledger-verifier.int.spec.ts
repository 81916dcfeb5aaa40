import { bannerId, visitorId } from '@vitrine/kernel';
import { runMigrations } from '@vitrine/platform';
import { useMongo } from '@vitrine/testing';
import { aChunk, aDecision, anEvent, aWorker, countsVersion, HOME, linearVersion } from './feedback.fixture';
import { feedbackMigrations } from './feedback.migrations';

const VISITOR = visitorId('vera');

describe('verifying the live state against the ledger', () => {
  const mongo = useMongo();
  const db = () => mongo.connection();
  beforeAll(async () => void (await runMigrations(db(), feedbackMigrations)));
  beforeEach(async () => {
    await mongo.clear();
    const { process, fold } = aWorker(db());
    for (let i = 0; i < 3; i++) {
      const decision = aDecision(VISITOR, { bannerId: bannerId(`b${i}`) });
      await process.execute(aChunk([anEvent('IMPRESSION', VISITOR, decision), anEvent('CLICK', VISITOR, decision)]));
    }
    await fold.execute(HOME);
  });

  const verify = (id = linearVersion.id) => aWorker(db()).verifier.verify(id);
  const kinds = async () => new Set((await verify()).faults.map(({ kind }) => kind));
  const change = (collection: string, update: object, filter = {}) => db().collection(collection).updateOne(filter, update);

  it('passes when nobody touched anything', async () => {
    expect(await verify()).toMatchObject({ ok: true, cursor: 3, batches: 3, entries: 6 });
    expect((await verify(countsVersion.id)).ok).toBe(true);
  });

  it('finds a reward that was changed by hand', async () => {
    await change('ledger_batches', { $set: { 'entries.1.reward': 0.5 } }, { foldSeq: 2 });
    expect(await verify()).toMatchObject({ ok: false });
    expect(await kinds()).toEqual(new Set(['BATCH_ALTERED', 'STATISTICS_DIFFER']));
  });

  it('finds a change that no statistic shows', async () => {
    await change('ledger_batches', { $set: { 'entries.0.propensity': 0.9 } }, { foldSeq: 2 });
    expect(await kinds()).toEqual(new Set(['BATCH_ALTERED']));
  });

  it('finds an entry that stands twice, a batch that is gone and statistics that were edited', async () => {
    const [batch] = await db().collection('ledger_batches').find({ foldSeq: 1 }).toArray();
    await change('ledger_batches', { $set: { entries: batch?.['entries'], digest: batch?.['digest'] } }, { foldSeq: 2 });
    expect(await kinds()).toContain('DUPLICATE_ENTRY');
    await db().collection('ledger_batches').deleteOne({ foldSeq: 2 });
    expect(await kinds()).toContain('SEQUENCE_GAP');
    await change('policy_heads', { $inc: { entries: 1 } }, { _id: countsVersion.id });
    expect((await verify(countsVersion.id)).faults.map(({ kind }) => kind)).toContain('HEAD_DIFFERS');
  });

  it('puts a rebuilt state in the place of a broken one, as a new revision that verifies', async () => {
    await change('policy_arms', { $set: { bannerId: 'ghost' } }, { versionId: linearVersion.id, bannerId: 'b0' });
    expect(await kinds()).toEqual(new Set(['STATISTICS_DIFFER']));
    const { rebuilder, states } = aWorker(db());
    await rebuilder.replaceLiveState(linearVersion.id);
    const { head, arms } = await states.snapshot(linearVersion.id);
    expect(head).toMatchObject({ revision: 2, cursor: 3, entries: 6 });
    expect([...arms.keys()].toSorted()).toEqual(['b0', 'b1', 'b2', 'ghost']);
    expect(arms.get(bannerId('ghost'))?.every((value) => value === 0)).toBe(true);
    expect(await verify()).toMatchObject({ ok: true, faults: [] });
  });

  it('rebuilds up to any point of the past', async () => {
    const { rebuilder } = aWorker(db());
    const past = await rebuilder.rebuild(countsVersion.id, { upTo: 2 });
    expect([past.cursor, past.entries, past.arms.size]).toEqual([2, 4, 2]);
    await expect(rebuilder.rebuild(linearVersion.id)).resolves.toMatchObject({ cursor: 3, entries: 6 });
  });
});
