import { createConnection, type Connection } from 'mongoose';
import { eventually, silentLogger, useMongo } from '@vitrine/testing';
import { createCelAudienceCompiler } from '../domain/cel-audience-compiler';
import { compileCatalog } from '../domain/compile-catalog';
import { catalogApplication, type CatalogApplication } from './catalog.int-fixtures';
import { CatalogWatcher } from './catalog.watcher';
import { MongoCatalogLoader } from './mongo-catalog.loader';

describe('CatalogWatcher on MongoDB', () => {
  const mongo = useMongo();
  let app: CatalogApplication;
  let own: Connection;
  let watcher: CatalogWatcher;

  beforeAll(async () => {
    app = await catalogApplication(mongo.connection());
    own = await createConnection(mongo.url(), { autoIndex: false, autoCreate: false, bufferCommands: false }).asPromise();
    const audiences = createCelAudienceCompiler();
    const loader = new MongoCatalogLoader(own);
    watcher = new CatalogWatcher({ loader, compile: (catalog) => compileCatalog(catalog, audiences), logger: silentLogger });
    await watcher.start();
  });
  afterAll(async () => {
    await watcher.stop();
    await own.close();
  });

  const shows = (name: string, deadlineMs: number) =>
    eventually(() => [...watcher.current().catalog.placements.values()].some((placement) => placement.name === name), {
      what: name,
      deadlineMs,
    });

  it('shows a change of another process within a second, without any notice', async () => {
    await app.upsertPlacement.execute({ id: 'home-hero', surface: 'HOMEPAGE', name: 'First' });
    expect(await shows('First', 1_000)).toBe(true);
    await app.upsertPlacement.execute({ id: 'home-hero', name: 'Second' });
    expect(await shows('Second', 1_000)).toBe(true);
  });

  it('keeps its catalogue while its connection is gone, and follows once it is back', async () => {
    await own.close();
    await app.upsertPlacement.execute({ id: 'home-hero', name: 'Third' });
    watcher.notice(await app.loader.headRevision());
    expect(watcher.current().catalog.placements.size).toBe(1);
    expect(watcher.ready).toBe(true);
    await own.openUri(mongo.url());
    expect(await shows('Third', 2_000)).toBe(true);
  });
});
