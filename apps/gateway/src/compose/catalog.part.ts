import { createPolicy } from '@vitrine/bandit';
import {
  CatalogResolver,
  CatalogWatcher,
  compileCatalog,
  createCelAudienceCompiler,
  MongoCatalogLoader,
  MongoCatalogStore,
  PolicyResolver,
  PublishPolicy,
  RollbackPolicy,
  UpsertBanner,
  UpsertCampaign,
  UpsertPlacement,
  type CatalogReader,
  type CompiledCatalog,
  type PolicyLearningReader,
} from '@vitrine/catalog';
import type { Clock } from '@vitrine/kernel';
import type { ChangeListener, ChangeMessage, Logger } from '@vitrine/platform';
import type { Connection } from 'mongoose';
import type { Part } from './part';

export interface CatalogPartDeps {
  readonly connection: Connection;
  readonly reader: CatalogReader;
  readonly learning: PolicyLearningReader;
  readonly changes: ChangeListener;
  readonly announce: (message: ChangeMessage) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called with every catalogue before it is served. */
  readonly onCompiled: (compiled: CompiledCatalog) => void;
}

export interface CatalogPart extends Part {
  /** Null until the catalogue was read once. */
  readonly current: () => CompiledCatalog | null;
  readonly isLoaded: () => boolean;
  /** Reads the catalogue once, successfully or not, and goes on following it. */
  readonly start: () => Promise<void>;
}

/** The catalogue: a compiled copy in memory for decisions, the stored one for people. */
export function composeCatalog({
  connection,
  reader,
  learning,
  changes,
  announce,
  clock,
  logger,
  onCompiled,
}: CatalogPartDeps): CatalogPart {
  const audiences = createCelAudienceCompiler();
  const watcher = new CatalogWatcher({
    loader: new MongoCatalogLoader(connection),
    compile: (catalog) => {
      const compiled = compileCatalog(catalog, audiences);
      onCompiled(compiled);
      return compiled;
    },
    logger,
  });
  changes.on(({ kind, revision }) => {
    if (kind === 'catalog') watcher.notice(revision);
  });
  const change = { store: new MongoCatalogStore(connection), announce };
  const catalogResolver = new CatalogResolver({
    reader,
    upsertPlacement: new UpsertPlacement(change),
    upsertCampaign: new UpsertCampaign({ ...change, audiences }),
    upsertBanner: new UpsertBanner(change),
  });
  const policyResolver = new PolicyResolver({
    reader,
    learning,
    publishPolicy: new PublishPolicy({ ...change, clock, validatePolicy: createPolicy }),
    rollbackPolicy: new RollbackPolicy({ ...change, clock }),
  });
  return {
    current: () => (watcher.ready ? watcher.current() : null),
    isLoaded: () => watcher.ready,
    start: () => watcher.start(),
    resolvers: [
      [CatalogResolver, catalogResolver],
      [PolicyResolver, policyResolver],
    ],
    closers: [{ name: 'catalogue watcher', close: () => watcher.stop() }],
  };
}
