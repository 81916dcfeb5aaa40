import { bannerId, campaignId, DomainError, placementId } from '@vitrine/kernel';
import { runMigrations } from '@vitrine/platform';
import { useMongo } from '@vitrine/testing';
import { aBanner, aCampaign, aCreative, aPlacement, aPolicyVersion } from '../domain/catalog.fixtures';
import { publishedPointer } from '../domain/policy-pointer';
import { catalogApplication, type CatalogApplication } from './catalog.int-fixtures';
import { catalogMigrations } from './catalog.migrations';
import { MongoCatalogStore } from './mongo-catalog.store';

describe('catalogue on MongoDB', () => {
  const mongo = useMongo();
  let app: CatalogApplication;
  const hero = placementId('home-hero');

  beforeEach(async () => {
    await mongo.clear();
    app = await catalogApplication(mongo.connection());
  });

  async function seed(): Promise<void> {
    await app.upsertPlacement.execute({
      id: 'home-hero',
      surface: 'HOMEPAGE',
      name: 'Hero',
      sizes: { MOBILE: [{ width: 320, height: 100 }] },
    });
    await app.upsertCampaign.execute({ id: 'spring', name: 'Spring', placementIds: [hero], startsAt: 1_000, audience: 'traits.vip' });
    const creatives = [aCreative({ locale: 'de', devices: ['MOBILE'] })];
    await app.upsertBanner.execute({
      id: 'shoe',
      campaignId: campaignId('spring'),
      name: 'Shoe',
      landingUrl: 'https://shop.example/',
      creatives,
    });
  }

  it('loads what was written, at the revision of the last write', async () => {
    await seed();
    const catalog = await app.loader.load();
    expect(catalog.revision).toBe(3);
    expect(catalog.placements.get(hero)).toMatchObject({
      id: 'home-hero',
      slots: 1,
      sizes: { MOBILE: [{ width: 320, height: 100 }] },
      reward: { weights: { CLICK: 1 } },
    });
    expect(catalog.campaigns.get(campaignId('spring'))).toEqual({
      id: 'spring',
      name: 'Spring',
      goal: null,
      placementIds: ['home-hero'],
      enabled: true,
      startsAt: 1_000,
      endsAt: null,
      timeZone: 'UTC',
      dayParts: [],
      audience: 'traits.vip',
      tier: 0,
      frequencyCap: null,
      pacing: 1,
    });
    expect(catalog.banners.get(bannerId('shoe'))?.creatives).toEqual([aCreative({ locale: 'de', devices: ['MOBILE'] })]);
  });

  it('finds banners by id, each with the revision that last changed it', async () => {
    await seed();
    await app.upsertBanner.execute({ id: 'hat', campaignId: campaignId('spring'), name: 'Hat', landingUrl: 'https://shop.example/' });
    await app.upsertBanner.execute({ id: 'shoe', tags: ['new'] });
    const found = await app.reader.findBanners([bannerId('shoe'), bannerId('gone'), bannerId('hat')]);
    expect(found.map(({ value, revision }) => [value.id, value.tags, revision])).toEqual([
      ['hat', [], 4],
      ['shoe', ['new'], 5],
    ]);
  });

  it('announces every committed write with its revision, and no refused one', async () => {
    await seed();
    await expect(app.upsertBanner.execute({ id: 'shoe', name: null })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { field: 'name' },
    });
    expect(app.notices).toEqual([
      { kind: 'catalog', id: 'home-hero', revision: 1 },
      { kind: 'catalog', id: 'spring', revision: 2 },
      { kind: 'catalog', id: 'shoe', revision: 3 },
    ]);
    expect(await app.loader.headRevision()).toBe(3);
  });

  it('changes only the fields that a patch names, and clears on null', async () => {
    await seed();
    const cap = { limit: 2, windowMs: 60_000 };
    const dayParts = [{ weekdays: [1], fromMinute: 60, toMinute: 30 }];
    await app.upsertCampaign.execute({ id: 'spring', tier: 4, frequencyCap: cap, audience: null, dayParts });
    const changed = (await app.loader.load()).campaigns.get(campaignId('spring'));
    expect(changed).toMatchObject({ name: 'Spring', startsAt: 1_000, tier: 4, frequencyCap: cap, audience: null, dayParts });
    await app.upsertCampaign.execute({ id: 'spring', frequencyCap: null, startsAt: null });
    expect((await app.loader.load()).campaigns.get(campaignId('spring'))).toMatchObject({
      tier: 4,
      frequencyCap: null,
      startsAt: null,
      dayParts,
    });
  });

  it('gives concurrent writes dense revisions and loses none of them', async () => {
    await seed();
    const writes = await Promise.all(
      Array.from({ length: 24 }, (_, i) => app.upsertCampaign.execute({ id: `c${i % 4}`, name: `Write ${i}` })),
    );
    expect(writes.map(({ revision }) => revision).sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, i) => i + 4));
    const { revision, campaigns } = await app.loader.load();
    expect(revision).toBe(27);
    for (const id of ['c0', 'c1', 'c2', 'c3']) {
      const last = writes.filter(({ value }) => value.id === id).reduce((a, b) => (a.revision > b.revision ? a : b));
      expect(campaigns.get(campaignId(id))?.name).toBe(last.value.name);
    }
  });

  it('lets one of two people who saw the same revision win', async () => {
    await seed();
    const outcomes = await Promise.allSettled(
      ['Ada', 'Bob'].map((name) => app.upsertPlacement.execute({ id: 'home-hero', name, expectedRevision: 1 })),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'STALE_WRITE' } });
    await expect(app.upsertPlacement.execute({ id: 'home-hero', name: 'New', expectedRevision: 0 })).rejects.toMatchObject({
      code: 'STALE_WRITE',
    });
  });

  it('refuses references to what does not exist, and creation without mandatory fields', async () => {
    await expect(
      app.upsertBanner.execute({ id: 'b', campaignId: campaignId('none'), name: 'B', landingUrl: 'https://a.example' }),
    ).rejects.toMatchObject({
      code: 'UNKNOWN_CAMPAIGN',
    });
    await expect(app.upsertCampaign.execute({ id: 'c', name: 'C', placementIds: [hero] })).rejects.toMatchObject({
      code: 'UNKNOWN_PLACEMENT',
    });
    await expect(app.upsertCampaign.execute({ id: 'c' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { field: 'name' } });
    await expect(
      app.upsertPlacement.execute({ id: 'p', surface: 'VIDEO', name: 'P', fallbackBannerIds: [bannerId('x')] }),
    ).rejects.toMatchObject({
      code: 'UNKNOWN_BANNER',
    });
    expect(await app.loader.headRevision()).toBe(0);
  });

  it('runs its migrations again without harm', async () => {
    await seed();
    await mongo.connection().collection('migrations').deleteMany({});
    await runMigrations(mongo.connection(), catalogMigrations);
    expect(await app.loader.headRevision()).toBe(3);
  });

  it('leaves nothing behind when a change fails half way', async () => {
    const stamp = { at: 0, by: 'ada' };
    const work = new MongoCatalogStore(mongo.connection()).write(async (transaction) => {
      await transaction.savePlacement(aPlacement());
      await transaction.saveCampaign(aCampaign('c'));
      await transaction.saveBanner(aBanner('b', 'c'));
      await transaction.insertPolicyVersion(aPolicyVersion());
      await transaction.savePointer(publishedPointer(hero, null, stamp));
      throw new DomainError('BAD_USER_INPUT');
    });
    await expect(work).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await app.loader.load()).toEqual({
      revision: 0,
      placements: new Map(),
      campaigns: new Map(),
      banners: new Map(),
      livePolicies: new Map(),
    });
    expect((await app.reader.listPolicies(hero)).versions).toEqual([]);
  });

  it('reads a snapshot: never parts of two revisions', async () => {
    let writing = true;
    const writer = (async () => {
      for (let i = 0; writing; i++) await app.upsertCampaign.execute({ id: `extra-${i}`, name: 'Extra' });
    })();
    for (let i = 0; i < 60; i++) {
      const { revision, campaigns } = await app.loader.load();
      expect(campaigns.size).toBe(revision);
    }
    writing = false;
    await writer;
  });
});
