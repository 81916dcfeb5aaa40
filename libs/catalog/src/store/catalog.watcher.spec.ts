import { DomainError } from '@vitrine/kernel';
import { eventually, silentLogger } from '@vitrine/testing';
import type { CatalogLoader } from '../application/ports';
import { aCatalog } from '../domain/catalog.fixtures';
import { createCelAudienceCompiler } from '../domain/cel-audience-compiler';
import { compileCatalog } from '../domain/compile-catalog';
import { CatalogWatcher } from './catalog.watcher';

const audiences = createCelAudienceCompiler();

/** A database in the test's hands. */
class FakeLoader implements CatalogLoader {
  revision = 1;
  away = false;
  silent = false;
  pace: Promise<void> = Promise.resolve();
  asks = 0;
  loads = 0;

  headRevision(): Promise<number> {
    this.asks += 1;
    if (this.silent) return new Promise<never>(() => undefined);
    return this.away ? Promise.reject(new DomainError('DEPENDENCY_UNAVAILABLE')) : Promise.resolve(this.revision);
  }

  /** Answers with what was stored when it was asked, however long `pace` makes it take. */
  async load() {
    this.loads += 1;
    const { revision } = this;
    await this.pace;
    return { ...aCatalog({ campaigns: [], banners: [] }), revision };
  }
}

describe('CatalogWatcher', () => {
  let loader: FakeLoader;
  let watcher: CatalogWatcher;

  const watch = (pollMs: number, loadDeadlineMs = 1_000): CatalogWatcher =>
    new CatalogWatcher({ loader, compile: (catalog) => compileCatalog(catalog, audiences), logger: silentLogger, pollMs, loadDeadlineMs });
  const shows = (revision: number) =>
    eventually(() => watcher.current().revision === revision, { what: `revision ${revision}`, deadlineMs: 2_000 });

  beforeEach(() => {
    loader = new FakeLoader();
  });
  afterEach(() => watcher.stop());

  it('is not ready and says so by code until the first catalogue came', async () => {
    loader.away = true;
    watcher = watch(5);
    await watcher.start();
    expect(watcher.ready).toBe(false);
    expect(() => watcher.current()).toThrow(expect.objectContaining({ code: 'DEPENDENCY_UNAVAILABLE' }));
    loader.away = false;
    expect(await shows(1)).toBe(true);
    expect(watcher.ready).toBe(true);
  });

  it('sees a change by polling alone', async () => {
    watcher = watch(5);
    await watcher.start();
    loader.revision = 2;
    expect(await shows(2)).toBe(true);
  });

  it('sees a change by notice alone', async () => {
    watcher = watch(3_600_000);
    await watcher.start();
    loader.revision = 2;
    watcher.notice(2);
    expect(await shows(2)).toBe(true);
  });

  it('looks again when a notice comes while it reads', async () => {
    let release = (): void => undefined;
    loader.pace = new Promise((resolve) => (release = resolve));
    watcher = watch(3_600_000);
    const started = watcher.start();
    await eventually(() => loader.loads === 1, { what: 'the read under way' });
    loader.revision = 2;
    watcher.notice(2);
    release();
    await started;
    expect(await shows(2)).toBe(true);
  });

  it('keeps the old catalogue while the database is away, and follows when it is back', async () => {
    watcher = watch(5);
    await watcher.start();
    loader.away = true;
    loader.revision = 2;
    const asked = loader.asks;
    watcher.notice(2);
    await eventually(() => loader.asks >= asked + 3, { what: 'attempts that fail' });
    expect(watcher.current().revision).toBe(1);
    loader.away = false;
    expect(await shows(2)).toBe(true);
  });

  it('gives up on a database that does not answer', async () => {
    watcher = watch(5, 20);
    await watcher.start();
    loader.silent = true;
    watcher.notice(2);
    loader.silent = false;
    loader.revision = 2;
    expect(await shows(2)).toBe(true);
  });

  it('follows a database that was restored to an earlier revision', async () => {
    loader.revision = 9;
    watcher = watch(5);
    await watcher.start();
    loader.revision = 4;
    expect(await shows(4)).toBe(true);
  });

  it('loads once per revision, however often it polls', async () => {
    watcher = watch(1);
    await watcher.start();
    loader.revision = 2;
    await shows(2);
    for (let i = 0; i < 20; i++) watcher.notice(2);
    await watcher.stop();
    expect(loader.loads).toBe(2);
  });
});
