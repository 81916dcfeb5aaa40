import { createPolicy } from '@vitrine/bandit';
import { runMigrations } from '@vitrine/platform';
import { fakeClock, type FakeClock } from '@vitrine/testing';
import type { Connection } from 'mongoose';
import type { CatalogNotice } from '../application/ports';
import { PublishPolicy } from '../application/publish-policy';
import { RollbackPolicy } from '../application/rollback-policy';
import { UpsertBanner } from '../application/upsert-banner';
import { UpsertCampaign } from '../application/upsert-campaign';
import { UpsertPlacement } from '../application/upsert-placement';
import { createCelAudienceCompiler } from '../domain/cel-audience-compiler';
import { catalogMigrations } from './catalog.migrations';
import { MongoCatalogLoader } from './mongo-catalog.loader';
import { MongoCatalogReader } from './mongo-catalog.reader';
import { MongoCatalogStore } from './mongo-catalog.store';

export interface CatalogApplication {
  readonly clock: FakeClock;
  readonly notices: CatalogNotice[];
  readonly loader: MongoCatalogLoader;
  readonly reader: MongoCatalogReader;
  readonly upsertPlacement: UpsertPlacement;
  readonly upsertCampaign: UpsertCampaign;
  readonly upsertBanner: UpsertBanner;
  readonly publishPolicy: PublishPolicy;
  readonly rollbackPolicy: RollbackPolicy;
}

/** The library wired as an app wires it, on a real database whose migrations have run. */
export async function catalogApplication(connection: Connection): Promise<CatalogApplication> {
  await runMigrations(connection, catalogMigrations);
  const clock = fakeClock();
  const notices: CatalogNotice[] = [];
  const deps = { store: new MongoCatalogStore(connection), announce: (notice: CatalogNotice) => void notices.push(notice), clock };
  return {
    clock,
    notices,
    loader: new MongoCatalogLoader(connection),
    reader: new MongoCatalogReader(connection),
    upsertPlacement: new UpsertPlacement(deps),
    upsertCampaign: new UpsertCampaign({ ...deps, audiences: createCelAudienceCompiler() }),
    upsertBanner: new UpsertBanner(deps),
    publishPolicy: new PublishPolicy({ ...deps, validatePolicy: createPolicy }),
    rollbackPolicy: new RollbackPolicy(deps),
  };
}
