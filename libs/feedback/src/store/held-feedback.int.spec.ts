import { visitorId } from '@vitrine/kernel';
import { runMigrations } from '@vitrine/platform';
import type { PersonKeys } from '@vitrine/profile';
import { useMongo } from '@vitrine/testing';
import type { EventIdentity } from '../domain/clean-event';
import { aChunk, aDecision, anEvent, aWorker, hashVisitor, personal, sealer } from './feedback.fixture';
import { feedbackMigrations } from './feedback.migrations';
import { heldFeedback } from './held-feedback';

const [ANNA, BERTA] = [visitorId('anna'), visitorId('berta')];
const consenting = (id: typeof ANNA): EventIdentity => ({
  profileId: `p-${id}`,
  consent: { ANALYTICS: { status: 'GRANTED', at: 1, source: 'test' } },
  hashes: [hashVisitor(id)],
});
const people = new Map([ANNA, BERTA].map((id) => [id, consenting(id)]));
const keysOf = (id: typeof ANNA): PersonKeys => ({ profileId: `p-${id}`, visitorIds: [id], hashes: [hashVisitor(id)] });

describe('what feedback holds of a person', () => {
  const mongo = useMongo();

  it('is found whole and apart from others, a rejected event opened, by an index in every place', async () => {
    const connection = mongo.connection();
    await Promise.all(Array.from({ length: 4 }, () => runMigrations(connection, feedbackMigrations))); // as processes that start together do
    const { process, erase: evidence } = aWorker(connection, { people });
    for (const id of [ANNA, BERTA]) {
      const decision = aDecision(id);
      await process.execute(aChunk([anEvent('IMPRESSION', id, decision), anEvent('CLICK', id, decision), anEvent('DWELL', id, null)]));
    }
    const places = heldFeedback({ connection, sealer, personal, evidence });
    const held = Object.fromEntries(await Promise.all(places.map(async ({ name, read }) => [name, await read(keysOf(ANNA))] as const)));
    expect(held).toMatchObject({
      events: [{ type: 'IMPRESSION', url: 'https://shop.example/secret', properties: null }, { type: 'CLICK' }],
      quarantine: [{ rule: 'schema', event: { type: 'DWELL', visitorId: ANNA } }],
      trials: [{ clicked: true }],
      ledger: [
        { kind: 'TRIAL', placementId: 'home', steps: expect.any(Array) },
        { kind: 'REWARD', reward: 1 },
      ],
    });
    expect(JSON.stringify(held)).not.toContain(hashVisitor(BERTA));
    expect(JSON.stringify(await connection.collection('events').find().toArray())).not.toContain('shop.example');

    for (const [name, path] of [
      ['events', 'visitorHash'],
      ['quarantine', 'visitorHash'],
      ['trials', 'visitorHash'],
      ['ledger_batches', 'entries.visitorHash'],
    ] as const) {
      const plan = await connection
        .collection(name)
        .find({ [path]: { $in: [hashVisitor(ANNA)] } })
        .explain('queryPlanner');
      expect([name, JSON.stringify(plan)]).toEqual([name, expect.stringContaining('"IXSCAN"')]);
    }
  });
});
