import { countsFamily, layoutOf } from '@vitrine/bandit';
import { createConnection } from 'mongoose';
import { placementId, policyVersionId, type PlacementId } from '@vitrine/kernel';
import type { PolicyVersion } from '@vitrine/catalog';
import { MongoPolicyStateStore, MongoUnitOfWork } from '@vitrine/feedback';
import { ChangeListener, createAnnouncer, createRedis } from '@vitrine/platform';
import { eventually, silentLogger, useMongo, useRedis } from '@vitrine/testing';
import { bannerId } from '@vitrine/kernel';
import { PolicyStates } from '../application/policy-states';
import { aVersion } from '../fixtures';
import { PolicyStateFeed } from './policy-state-feed';

describe('policy states over real databases', () => {
  const mongo = useMongo();
  const redis = useRedis();
  // Notices of other spec files pass through the same channel: a placement of our own keeps them apart.
  const hero = placementId(`hero-${Math.floor(performance.timeOrigin)}`);
  const version: PolicyVersion = aVersion({
    id: policyVersionId(hero, 1),
    placementId: hero,
    policy: { name: 'beta-thompson', params: {}, floor: 0 },
  });
  const live: ReadonlyMap<PlacementId, PolicyVersion> = new Map([[hero, version]]);
  const silent = { report: () => undefined };

  async function learn(store: MongoPolicyStateStore, trials: number): Promise<number> {
    const from = await store.head(version.id);
    const arms = new Map([[bannerId('b00'), Float64Array.of(trials, trials, trials)]]);
    expect(
      await store.advance({
        from,
        placementId: hero,
        cursor: from.cursor + 1,
        entries: trials,
        skipped: 0,
        layout: layoutOf(countsFamily),
        arms,
        at: 1,
      }),
    ).toBe('advanced');
    return from.revision + 1;
  }

  it('takes over a fold by notice, and by polling when the notice was lost', async () => {
    const store = new MongoPolicyStateStore({ connection: mongo.connection(), unitOfWork: new MongoUnitOfWork(mongo.connection()) });
    const subscriber = createRedis(redis.url(), 'subscriber', silentLogger);
    const listener = new ChangeListener(subscriber, silentLogger);
    const states = new PolicyStates(store, silent);
    const feed = new PolicyStateFeed(states, 600_000);
    await states.follow(live);
    feed.start(listener);
    listener.start();
    const serves = (revision: number) => () => states.get(hero)?.state?.revision === revision;

    const first = await learn(store, 1);
    const announce = createAnnouncer(redis.client());
    await eventually(() => (announce({ kind: 'state', id: version.id, revision: first }), serves(first)()), {
      what: 'the first fold by notice',
    });
    feed.stop();

    const polling = new PolicyStateFeed(states, 5);
    polling.start(new ChangeListener(subscriber, silentLogger));
    const second = await learn(store, 2);
    expect(await eventually(serves(second), { what: 'the second fold by polling' })).toBe(true);
    polling.stop();
    await subscriber.quit();
  });

  it('keeps serving what it has after Mongo went away', async () => {
    const own = await createConnection(mongo.url(), { serverSelectionTimeoutMS: 200, bufferCommands: false }).asPromise();
    const store = new MongoPolicyStateStore({ connection: own, unitOfWork: new MongoUnitOfWork(own) });
    const faults: string[] = [];
    const states = new PolicyStates(store, { report: (fault) => void faults.push(fault) });
    const revision = await learn(store, 3);
    await states.follow(live);
    await own.close();
    await states.refreshAll();
    expect(faults).toEqual(['policy-state']);
    expect(states.get(hero)?.state?.revision).toBe(revision);
    expect(states.get(hero)?.state?.arm(bannerId('b00'))).toBeDefined();
  });
});
