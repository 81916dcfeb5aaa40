import { MongoCatalogReader, type CatalogSource } from '@vitrine/catalog';
import {
  BullMqFoldRequester,
  FindPlacementsWithWork,
  FoldPlacement,
  LedgerRebuilder,
  MongoLedgerStore,
  MongoPolicyStateStore,
  MongoPriorStore,
  MongoUnitOfWork,
  PublishPriors,
  type FaultHooks,
} from '@vitrine/feedback';
import { systemClock } from '@vitrine/kernel';
import { newUuid, type ChangeMessage } from '@vitrine/platform';
import { CatalogPriors } from '../adapters/catalog-priors';
import { WorkerCatalog } from '../adapters/worker-catalog';
import type { Infrastructure } from './infrastructure';

export interface LearningPartDeps {
  readonly infrastructure: Infrastructure;
  readonly catalog: CatalogSource;
  readonly announce: (message: ChangeMessage) => void;
  /** Where fault tests stop the process; absent in production. */
  readonly hooks?: FaultHooks;
}

export type LearningPart = ReturnType<typeof composeLearning>;

/** Everything that turns a ledger into state. */
export function composeLearning({ infrastructure, catalog, announce, hooks }: LearningPartDeps) {
  const connection = infrastructure.mongo;
  const clock = systemClock;
  const unitOfWork = new MongoUnitOfWork(connection);
  const reader = new MongoCatalogReader(connection);
  const policies = new WorkerCatalog({ reader, clock, maxAgeMs: 1_000 });
  const ledger = new MongoLedgerStore({ connection, unitOfWork, newId: newUuid });
  const states = new MongoPolicyStateStore({ connection, unitOfWork, ...(hooks === undefined ? {} : { hooks }) });
  const folds = new BullMqFoldRequester({ redis: infrastructure.producer });
  const rebuilder = new LedgerRebuilder({ ledger, states, policies, announce, clock });
  const fold = new FoldPlacement({ sequencer: ledger, ledger, states, policies, announce, clock, rebuilder });
  const sources = new CatalogPriors({ reader, catalog });
  const priors = new PublishPriors({ catalog: sources, states, priors: new MongoPriorStore(connection), announce, clock });
  return { unitOfWork, ledger, states, policies, folds, fold, priors, work: new FindPlacementsWithWork({ ledger, states, policies }) };
}
