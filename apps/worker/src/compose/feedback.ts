import { MongoCatalogReader, type CatalogSource } from '@vitrine/catalog';
import {
  BullMqFoldRequester,
  cleaningSettingsOf,
  createCleaning,
  createHeldEventSealer,
  createTokenCodec,
  deviceClassOf,
  FindPlacementsWithWork,
  FoldPlacement,
  LedgerRebuilder,
  MongoCleaningCounts,
  MongoEventStore,
  MongoLedgerStore,
  MongoPolicyStateStore,
  MongoPriorStore,
  MongoQuarantineStore,
  MongoTrialStore,
  MongoUnitOfWork,
  ProcessFeedback,
  PublishPriors,
  RollupParticipant,
  type FaultHooks,
} from '@vitrine/feedback';
import { systemClock } from '@vitrine/kernel';
import { newUuid, type ChangeMessage, type Config } from '@vitrine/platform';
import { createVisitorHasher, IdentityResolver, mayDo, ProfileEventApplier, PURPOSES } from '@vitrine/profile';
import { CatalogPriors } from '../adapters/catalog-priors';
import { ProfileParticipant } from '../adapters/profile.participant';
import { WorkerCatalog } from '../adapters/worker-catalog';
import type { Infrastructure } from './infrastructure';

export interface FeedbackPartDeps {
  readonly config: Config;
  readonly infrastructure: Infrastructure;
  readonly catalog: CatalogSource;
  readonly announce: (message: ChangeMessage) => void;
  /** Where fault tests stop the process; absent in production. */
  readonly hooks?: FaultHooks;
}

const HOUR_MS = 3_600_000;

/** Everything that turns events into a ledger and a ledger into state. */
export function composeFeedback({ config, infrastructure, catalog, announce, hooks }: FeedbackPartDeps) {
  const connection = infrastructure.mongo;
  const clock = systemClock;
  const hasher = createVisitorHasher(config.VISITOR_HASH_KEY);
  const unitOfWork = new MongoUnitOfWork(connection);
  const reader = new MongoCatalogReader(connection);
  const policies = new WorkerCatalog({ reader, clock, maxAgeMs: 1_000 });
  const ledger = new MongoLedgerStore({ connection, unitOfWork, newId: newUuid });
  const faults = hooks === undefined ? {} : { hooks };
  const states = new MongoPolicyStateStore({ connection, unitOfWork, ...faults });
  const folds = new BullMqFoldRequester({ redis: infrastructure.producer });
  const applier = new ProfileEventApplier({ connection, hasher, clock, newId: newUuid, consentDefault: config.CONSENT_DEFAULT });
  const process = new ProcessFeedback({
    unitOfWork,
    events: new MongoEventStore(connection),
    quarantine: new MongoQuarantineStore({ connection, sealer: createHeldEventSealer(config.TOKEN_MASTER_KEYS) }),
    counts: new MongoCleaningCounts(connection),
    cleaning: createCleaning(cleaningSettingsOf(config)),
    trials: new MongoTrialStore(connection),
    ledger,
    identities: new IdentityResolver({ connection, hasher }),
    catalog: policies,
    participants: [new ProfileParticipant(applier, catalog), new RollupParticipant(connection)],
    tokens: createTokenCodec({ keys: config.TOKEN_MASTER_KEYS, maxAgeMs: config.TOKEN_MAX_AGE_HOURS * HOUR_MS }),
    hashVisitor: (id) => hasher.hash(id),
    grantedPurposes: (consent) => new Set(PURPOSES.filter((purpose) => mayDo(consent, purpose, config.CONSENT_DEFAULT))),
    deviceOf: deviceClassOf,
    folds,
    announce,
    clock,
    ...faults,
  });
  const rebuilder = new LedgerRebuilder({ ledger, states, policies, announce, clock });
  const fold = new FoldPlacement({ sequencer: ledger, ledger, states, policies, announce, clock, rebuilder });
  const priors = new PublishPriors({
    catalog: new CatalogPriors({ reader, catalog }),
    states,
    priors: new MongoPriorStore(connection),
    announce,
    clock,
  });
  return { process, fold, folds, priors, work: new FindPlacementsWithWork({ ledger, states, policies }) };
}
