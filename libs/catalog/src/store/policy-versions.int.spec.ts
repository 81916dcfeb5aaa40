import { placementId } from '@vitrine/kernel';
import { useMongo } from '@vitrine/testing';
import type { FeatureSpec } from '../domain/types';
import { catalogApplication, type CatalogApplication } from './catalog.int-fixtures';

const features: readonly FeatureSpec[] = [
  { name: 'device', source: { kind: 'context', field: 'device' }, encoding: { kind: 'onehot', values: ['MOBILE', 'DESKTOP'] } },
];

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

  it('numbers concurrent publications densely', async () => {
    const versions = await Promise.all(Array.from({ length: 6 }, () => publish('uniform')));
    expect(versions.map(({ number }) => number).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each([
    ['an unknown policy', () => publish('oracle'), 'UNKNOWN_POLICY'],
    ['an unknown parameter', () => publish('uniform', [], { warp: 9 }), 'POLICY_PARAMETER_INVALID'],
    ['an unsound feature', () => publish('uniform', [...features, ...features]), 'FEATURE_SCHEMA_INVALID'],
    [
      'an unknown placement',
      () => app.publishPolicy.execute({ placementId: 'x', policy: { name: 'uniform', params: {}, floor: 0 }, features: [], by: 'a' }),
      'UNKNOWN_PLACEMENT',
    ],
    [
      'a floor of one',
      () =>
        app.publishPolicy.execute({ placementId: 'home-hero', policy: { name: 'uniform', params: {}, floor: 1 }, features: [], by: 'a' }),
      'BAD_USER_INPUT',
    ],
  ])('refuses %s and changes nothing', async (_, attempt, code) => {
    await expect(attempt()).rejects.toMatchObject({ code });
    expect(await app.loader.headRevision()).toBe(1);
    expect(await live()).toBeUndefined();
  });
});
