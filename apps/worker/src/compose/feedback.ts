import type { CatalogSource } from '@vitrine/catalog';
import {
  cleaningSettingsOf,
  createCleaning,
  createHeldEventSealer,
  createTokenCodec,
  deviceClassOf,
  MongoCleaningCounts,
  MongoEventStore,
  MongoQuarantineStore,
  MongoTrialStore,
  ProcessFeedback,
  RollupParticipant,
  type FaultHooks,
} from '@vitrine/feedback';
import { systemClock } from '@vitrine/kernel';
import { createPersonalSealer, newUuid, type ChangeMessage, type Config, type Logger } from '@vitrine/platform';
import { createVisitorHasher, IdentityResolver, mayUse, MongoTombstones, ProfileEventApplier, PURPOSES } from '@vitrine/profile';
import { ProfileParticipant } from '../adapters/profile.participant';
import { composeErasures } from './erasures';
import type { Infrastructure } from './infrastructure';
import type { LearningPart } from './learning';

export interface FeedbackPartDeps {
  readonly config: Config;
  readonly infrastructure: Infrastructure;
  readonly catalog: CatalogSource;
  readonly announce: (message: ChangeMessage) => void;
  readonly learning: LearningPart;
  readonly logger: Logger;
  /** Where fault tests stop the process; absent in production. */
  readonly hooks?: FaultHooks;
}

const HOUR_MS = 3_600_000;

/** Everything that turns events into a ledger, and what forgets them again. */
export function composeFeedback(deps: FeedbackPartDeps) {
  const { config, infrastructure, catalog, announce, learning } = deps;
  const { unitOfWork, ledger, states, policies, folds } = learning;
  const connection = infrastructure.mongo;
  const clock = systemClock;
  const hasher = createVisitorHasher(config.VISITOR_HASH_KEY);
  const personal = createPersonalSealer(config.PERSONAL_DATA_KEYS);
  const people = { connection, hasher, sealer: personal };
  const applier = new ProfileEventApplier({ ...people, clock, newId: newUuid, consentDefault: config.CONSENT_DEFAULT });
  const tombstones = new MongoTombstones(connection);
  const sealer = createHeldEventSealer(config.TOKEN_MASTER_KEYS);
  const tokens = createTokenCodec({ keys: config.TOKEN_MASTER_KEYS, maxAgeMs: config.TOKEN_MAX_AGE_HOURS * HOUR_MS });
  const process = new ProcessFeedback({
    unitOfWork,
    events: new MongoEventStore({ connection, sealer: personal }),
    quarantine: new MongoQuarantineStore({ connection, sealer }),
    counts: new MongoCleaningCounts(connection),
    cleaning: createCleaning(cleaningSettingsOf(config)),
    trials: new MongoTrialStore(connection),
    tombstones,
    ledger,
    identities: new IdentityResolver(people),
    catalog: policies,
    participants: [new ProfileParticipant(applier, catalog), new RollupParticipant(connection)],
    tokens,
    hashVisitor: (id) => hasher.hash(id),
    grantedPurposes: (consent, at) =>
      new Set(PURPOSES.filter((purpose) => mayUse(consent, purpose, { at, byDefault: config.CONSENT_DEFAULT }))),
    deviceOf: deviceClassOf,
    folds,
    announce,
    clock,
    ...(deps.hooks === undefined ? {} : { hooks: deps.hooks }),
  });
  const failed = (error: unknown): void => deps.logger.error({ err: error }, 'an erasure could not be looked after');
  const evidence = { unitOfWork, states, policies, folds, announce };
  return {
    process,
    tombstones,
    erasures: composeErasures({ config, infrastructure, hasher, tombstones, sealer, personal, tokens, evidence, failed }),
  };
}
