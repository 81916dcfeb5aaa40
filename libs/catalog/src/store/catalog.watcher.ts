import { DomainError } from '@vitrine/kernel';
import type { Logger } from '@vitrine/platform';
import type { CatalogLoader, CatalogSource } from '../application/ports';
import type { CompiledCatalog } from '../domain/compiled-catalog';
import type { Catalog } from '../domain/types';

export interface CatalogWatcherDeps {
  readonly loader: CatalogLoader;
  readonly compile: (catalog: Catalog) => CompiledCatalog;
  readonly logger: Logger;
  readonly pollMs?: number;
  /** After this long a read of the database is given up; the next poll starts another. */
  readonly loadDeadlineMs?: number;
}

/**
 * Keeps the compiled catalogue in memory and young: reloads when told of a change, and asks the head revision on every poll, so that a lost
 * notice costs one interval. While the database is away it keeps what it has.
 */
export class CatalogWatcher implements CatalogSource {
  private readonly pollMs: number;
  private readonly loadDeadlineMs: number;
  private compiled: CompiledCatalog | null = null;
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private askedAgain = false;
  private away = false;

  constructor(private readonly deps: CatalogWatcherDeps) {
    this.pollMs = deps.pollMs ?? 500;
    this.loadDeadlineMs = deps.loadDeadlineMs ?? 10_000;
  }

  /** Whether a catalogue has been loaded. */
  get ready(): boolean {
    return this.compiled !== null;
  }

  current(): CompiledCatalog {
    if (this.compiled === null) throw new DomainError('DEPENDENCY_UNAVAILABLE', 'the catalogue has not been loaded yet');
    return this.compiled;
  }

  /** Starts polling; resolves after the first attempt, successful or not. */
  async start(): Promise<void> {
    if (this.timer === null) {
      this.timer = setInterval(() => void this.refresh(), this.pollMs);
      this.timer.unref();
    }
    await this.refresh();
  }

  /** Stops polling and waits for a read under way. What was loaded stays. */
  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.askedAgain = false;
    await this.running;
  }

  /** A change was announced; does nothing when it is already in memory. */
  notice(revision: number): void {
    if (this.timer === null || this.compiled?.revision === revision) return;
    if (this.running !== null)
      this.askedAgain = true; // the read under way may have begun before the change
    else void this.refresh();
  }

  /** Never rejects. One read at a time: a slow database is not asked faster than it answers. */
  private refresh(): Promise<void> {
    this.running ??= this.attempt().finally(() => {
      this.running = null;
      if (!this.askedAgain) return;
      this.askedAgain = false;
      void this.refresh();
    });
    return this.running;
  }

  private async attempt(): Promise<void> {
    try {
      const loaded = await withDeadline(this.loadIfChanged(), this.loadDeadlineMs);
      if (loaded !== null) this.install(loaded);
      if (this.away) this.deps.logger.info({ dependency: 'mongo' }, 'the catalogue can be read again');
      this.away = false;
    } catch (error) {
      if (!this.away)
        this.deps.logger.warn(
          { err: error, revision: this.compiled?.revision ?? null },
          'the catalogue cannot be read, keeping the old one',
        );
      this.away = true;
    }
  }

  private async loadIfChanged(): Promise<Catalog | null> {
    const { loader } = this.deps;
    // Any other revision, not only a higher one: a database restored from a backup goes back.
    return (await loader.headRevision()) === this.compiled?.revision ? null : loader.load();
  }

  private install(catalog: Catalog): void {
    const compiled = this.deps.compile(catalog);
    this.compiled = compiled;
    this.deps.logger.info({ revision: compiled.revision, banners: catalog.banners.size }, 'catalogue loaded');
    if (compiled.faults.length > 0) this.deps.logger.warn({ faults: compiled.faults }, 'stored campaigns have faults and stay off');
  }
}

async function withDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DomainError('DEPENDENCY_UNAVAILABLE', `no answer within ${deadlineMs} ms`)), deadlineMs);
    timer.unref();
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}
