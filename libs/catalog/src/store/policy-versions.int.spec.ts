import { placementId } from '@vitrine/kernel';
import { useMongo } from '@vitrine/testing';
import type { FeatureSpec } from '../domain/types';
import { catalogApplication, type CatalogApplication } from './catalog.int-fixtures';

const features: readonly FeatureSpec[] = [
  { name: 'device', source: { kind: 'context', field: 'device' }, encoding: { kind: 'onehot', values: ['MOBILE', 'DESKTOP'] } },
];

const hashed: FeatureSpec = { name: 'many', source: { kind: 'request', key: 'many' }, encoding: { kind: 'hash', buckets: 4 } };

describe('policy versions on MongoDB', () => {
  const mongo = useMongo();
  const hero = placementId('home-hero');
  let app: CatalogApplication;

  beforeEach(async () => {
    await mongo.clear();
    app = await catalogApplication(mongo.connection());
    await app.upsertPlacement.execute({ id: 'home-hero', surface: 'HOMEPAGE', name: 'Hero' });
  });

  const publish = (name: string, specs: readonly FeatureSpec[] = features, params: Record<string, unknown> = {}) =>
    app.publishPolicy.execute({ placementId: 'home-hero', policy: { name, params, floor: 0.05 }, features: specs, by: 'staff:ada' });
  const live = async (): Promise<unknown> => (await app.loader.load()).livePolicies.get(hero)?.id;

  it('publishes, rolls back step by step and never uses a number twice', async () => {
    await publish('uniform');
    await publish('uniform');
    expect(await live()).toBe('home-hero@2');
    await app.rollbackPolicy.execute({ placementId: 'home-hero', by: 'staff:bob' });
    expect(await live()).toBe('home-hero@1');
    expect((await publish('uniform')).number).toBe(3);
    await app.rollbackPolicy.execute({ placementId: 'home-hero', by: 'staff:bob' });
    expect(await live()).toBe('home-hero@1');
    await expect(app.rollbackPolicy.execute({ placementId: 'home-hero', by: 'staff:bob' })).rejects.toMatchObject({
      code: 'UNKNOWN_POLICY',
    });
    const { versions } = await app.reader.listPolicies(hero);
    expect(versions.map(({ number }) => number)).toEqual([3, 2, 1]);
    const pointer = await mongo.connection().collection('policy_pointers').findOne({});
    expect(pointer?.['history']).toHaveLength(5);
  });

  it('keeps exactly what was published', async () => {
    const published = await publish('linear-thompson');
    expect(published).toMatchObject({ id: 'home-hero@1', dimension: 3, features, createdBy: 'staff:ada', createdAt: app.clock.now() });
    expect((await app.loader.load()).livePolicies.get(hero)).toEqual(published);
  });

  it('gives a policy that reads no context the dimension 0', async () => {
    expect((await publish('uniform')).dimension).toBe(0);
  });

  it('chooses a policy where none is named, and stores what it chose', async () => {
    const asked = { placementId: 'home-hero', policy: { params: {}, floor: 0, sticky: { periodMinutes: 30 } }, by: 'a' };
    expect((await app.publishPolicy.execute({ ...asked, features })).policy.name).toBe('auto');
    const bare = await app.publishPolicy.execute({ ...asked, features: [] });
    expect(bare.policy).toEqual({ name: 'beta-thompson', params: {}, floor: 0, sticky: { periodMinutes: 30 } });
    expect((await app.loader.load()).livePolicies.get(hero)).toEqual(bare);
  });

  const wide = { weights: { PURCHASE: 5 }, valueWeight: 0, aggregation: 'SUM', defaultReward: 0, min: 0, max: 5 } as const;
  const widen = () => app.upsertPlacement.execute({ id: 'home-hero', reward: wide });

  it('keeps rewards and a live policy of unit rewards together, whichever of them moves', async () => {
    await publish('logistic-thompson');
    await expect(widen()).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { field: 'reward.max', policyVersionId: 'home-hero@1' },
    });
    await app.upsertPlacement.execute({ id: 'home-hero', reward: { ...wide, max: 1 } });
    await publish('linear-thompson');
    await widen();
    await app.upsertPlacement.execute({ id: 'home-hero', slots: 3 });
    await expect(publish('ucb1')).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { field: 'policy.name' } });
    await expect(app.rollbackPolicy.execute({ placementId: 'home-hero', by: 'a' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { field: 'policy.name' },
    });
    expect(await live()).toBe('home-hero@2');
    await app.upsertPlacement.execute({ id: 'home-hero', reward: null });
    expect((await app.rollbackPolicy.execute({ placementId: 'home-hero', by: 'a' })).id).toBe('home-hero@1');
  });

  it('lets other fields change where a unit policy met wider rewards before that was refused', async () => {
    await publish('logistic-thompson');
    await mongo
      .connection()
      .collection<{ _id: string }>('placements')
      .updateOne({ _id: 'home-hero' }, { $set: { reward: wide } });
    expect((await app.upsertPlacement.execute({ id: 'home-hero', slots: 2 })).value.slots).toBe(2);
  });

  it('numbers concurrent publications densely', async () => {
    const versions = await Promise.all(Array.from({ length: 6 }, () => publish('uniform')));
    expect(versions.map(({ number }) => number).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each([
    ['an unknown policy', () => publish('oracle'), 'UNKNOWN_POLICY', 'policy.name'],
    ['an unknown parameter', () => publish('uniform', [], { warp: 9 }), 'POLICY_PARAMETER_INVALID', 'policy.params.warp'],
    [
      'an unknown parameter within a policy',
      () => publish('shadow', [], { shadow: { name: 'epsilon-greedy', params: { warp: 9 } } }),
      'POLICY_PARAMETER_INVALID',
      'policy.params.shadow.warp',
    ],
    [
      'an unknown policy within one',
      () => publish('shadow', [], { shadow: { name: 'oracle', params: {} } }),
      'UNKNOWN_POLICY',
      'policy.params.shadow',
    ],
    [
      'more state than a document holds',
      () => publish('bootstrapped-linear', [{ ...hashed, encoding: { kind: 'hash', buckets: 255 } }], { replicas: 64 }),
      'POLICY_PARAMETER_INVALID',
      'policy.params',
    ],
    ['an unsound feature', () => publish('uniform', [...features, ...features]), 'FEATURE_SCHEMA_INVALID', 'features[1].name'],
    [
      'an unknown placement',
      () => app.publishPolicy.execute({ placementId: 'x', policy: { name: 'uniform', params: {}, floor: 0 }, features: [], by: 'a' }),
      'UNKNOWN_PLACEMENT',
      'placementId',
    ],
    [
      'a floor of one',
      () =>
        app.publishPolicy.execute({ placementId: 'home-hero', policy: { name: 'uniform', params: {}, floor: 1 }, features: [], by: 'a' }),
      'BAD_USER_INPUT',
      'policy.floor',
    ],
  ])('refuses %s and changes nothing', async (_, attempt, code, field) => {
    await expect(attempt()).rejects.toMatchObject({ code, details: { field } });
    expect(await app.loader.headRevision()).toBe(1);
    expect(await live()).toBeUndefined();
  });
});
