export {
  EVENT_TYPES,
  LAYERS,
  type ArmStatistics,
  type ChangeNotice,
  type EventOutcome,
  type EventStatus,
  type EventType,
  type IncomingEvent,
  type Layer,
  type LedgerBatch,
  type LedgerEntry,
  type Money,
  type PolicyHead,
  type PolicyStateDelta,
  type PolicyStateReader,
  type QuantisedContext,
  type SealedDecision,
  type TokenCodec,
} from './domain/types';
export { dequantise, fitsToken, MAX_DIMENSION, quantise } from './domain/quantisation';
export { activates, provenBy } from './domain/activation';
export { rewardEventOf, rewardOfTrial, type RewardEvent, type RewardRules } from './domain/reward-event';
export { NO_EFFECTS, trialKey, type TrialEffects } from './domain/trial';
export { isBot } from './domain/cleaning/bot.rule';
export { CLEANING_RULE_NAMES, type CleaningNote, type CleaningRuleName } from './domain/cleaning/cleaning-rule';
export { createCleaning, type Cleaning, type CleaningSettings } from './domain/cleaning/clean';
export { cleaningSettingsOf, type CleaningConfig } from './domain/cleaning/cleaning-settings';
export { type RuleCounts } from './domain/cleaning/rule-counts';
export { minorDigits } from './domain/minor-digits';
export { type CleanEvent, type EventIdentity } from './domain/clean-event';
export { MAX_CHUNK_EVENTS, type FeedbackChunk, type QuarantinedEvent, type Redriven } from './domain/feedback-chunk';
export { type HeldEvent, type QuarantineEntry } from './domain/quarantine-entry';
export { partitionOf } from './domain/partition';
export { LedgerFold, sameBits, type FoldCount, type FoldTarget } from './domain/ledger-fold';
export { benchLedgerEntries, benchLedgerFold } from './domain/ledger-fold.bench';
export { BOUNCE_MS, minuteOf, rollupId, type RollupCounters, type RollupIncrement, type RollupKey } from './domain/rollup';

export { createHeldEventSealer } from './sealing/aes-gcm-held-event.sealer';
export { createTokenCodec, type TokenCodecOptions, type TokenKey } from './sealing/aes-gcm-token.codec';
export { benchTokenCodec, type TokenBenchResult } from './sealing/token-codec.bench';

export { parseIncomingEvent } from './schema/incoming-event.schema';
export { parseFeedbackChunk, parseFoldRequest } from './schema/feedback-chunk.schema';
export { MAX_EVENTS_PER_CALL, parseBeaconBody } from './schema/beacon-body.schema';
export { deviceClassOf } from './schema/device-class.parser';

export { IngestEvents, type IngestDependencies, type IngestRequest } from './application/ingest-events';
export { type DuplicateMemory, type FeedbackQueue } from './application/ingest.ports';
export { ProcessFeedback, type ProcessFeedbackDependencies, type ProcessFeedbackOutcome } from './application/process-feedback';
export {
  type Announcer,
  type EventStore,
  type FaultHooks,
  type FeedbackCatalog,
  type FoldRequester,
  type IdentityResolver,
  type LedgerAppender,
  type QuarantineStore,
  type CleaningCounter,
  type StoredTrial,
  type TransactionParticipant,
  type TrialStore,
  type UnitOfWork,
} from './application/processing.ports';
export {
  type HeldEventSealer,
  type QuarantineFilter,
  type QuarantineListing,
  type QuarantinePage,
  type QuarantineReader,
  type RedrivableRow,
} from './application/quarantine.ports';
export {
  RedriveQuarantined,
  type RedriveOutcome,
  type RedriveQuarantinedDependencies,
  type RedriveRequest,
} from './application/redrive-quarantined';
export {
  FoldPlacement,
  foldTargetOf,
  type FoldOutcome,
  type FoldPlacementDependencies,
  type VersionFoldOutcome,
} from './application/fold-placement';
export { FindPlacementsWithWork, type FindPlacementsWithWorkDependencies } from './application/find-placements-with-work';
export { PublishPriors, type PublishedPrior, type PublishPriorsDependencies } from './application/publish-priors';
export { type PriorCatalog, type PriorPlacement, type PriorReader, type PriorStore } from './application/prior.ports';
export { EraseEvidence, type EraseEvidenceDependencies, type ErasedEvidence, type WithdrawnEvidence } from './application/erase-evidence';
export {
  type ErasableLedger,
  type ErasableStates,
  type ErasedPerson,
  type StateWithdrawal,
  type TakenEntry,
} from './application/erasure.ports';
export { LedgerRebuilder, type LedgerRebuilderDependencies, type RebuildRange, type RebuiltState } from './application/ledger-rebuilder';
export {
  LEDGER_FAULTS,
  LedgerVerifier,
  type LedgerFault,
  type LedgerVerification,
  type LedgerVerifierDependencies,
} from './application/ledger-verifier';
export {
  type FoldVersion,
  type LedgerReader,
  type LedgerSequencer,
  type PolicyCatalog,
  type PolicyStateStore,
  type SequencedBatch,
  type StateAdvance,
  type StateBase,
  type StateSnapshot,
} from './application/ledger.ports';

export {
  type PersonHashes,
  type TimelineEvent,
  type TimelinePage,
  type TimelineQuery,
  type TimelineReader,
} from './application/timeline.ports';

export {
  COLLECTIONS as FEEDBACK_COLLECTIONS,
  type EventDoc,
  type FoldLogDoc,
  type LedgerBatchDoc,
  type LedgerEntryDoc,
  type LedgerHeadDoc,
  type PolicyArmDoc,
  type PolicyBaseDoc,
  type PolicyBaseHead,
  type PolicyHeadDoc,
  type PolicyPriorDoc,
  type QuarantineDoc,
  type CleaningCountDoc,
  type RollupDoc,
  type TrialDoc,
} from './store/feedback.documents';
export { feedbackMigrations } from './store/feedback.migrations';
export { sealedEventsMigration } from './store/sealed-events.migration';
export { MongoUnitOfWork } from './store/mongo-unit-of-work';
export { MongoCleaningCounts } from './store/mongo-cleaning-counts';
export { MongoEventStore } from './store/mongo-event.store';
export { MongoQuarantineStore } from './store/mongo-quarantine.store';
export { MongoTrialStore } from './store/mongo-trial.store';
export { MongoLedgerStore, type MongoLedgerOptions } from './store/mongo-ledger.store';
export { MongoLedgerEraser } from './store/mongo-ledger.eraser';
export { MAX_PAST_MS as MAX_LATENESS_MS } from './domain/cleaning/clock-skew.rule';
export { ForgetLedgerNames, type ForgetLedgerNamesDeps } from './store/forget-ledger-names';
export { queuedFeedback, type QueuedFeedbackDeps } from './store/queued-feedback';
export { MongoPolicyStateStore, type MongoPolicyStateOptions } from './store/mongo-policy-state.store';
export { heldFeedback, type HeldFeedbackDeps } from './store/held-feedback';
export { MongoTimelineReader } from './store/mongo-timeline.reader';
export { MongoPriorStore } from './store/mongo-prior.store';
export { addToRollups, RollupParticipant } from './store/rollup.participant';
export { RedisDuplicateMemory, type RedisDuplicateMemoryOptions } from './store/redis-duplicate.memory';
export { BullMqFeedbackQueue, type BullMqFeedbackQueueOptions } from './store/bullmq-feedback.queue';
export { BullMqFoldRequester, type BullMqFoldRequesterOptions } from './store/bullmq-fold.requester';

export { EventsResolver, senderOf, type EventsResolverDependencies, type FeedbackContext } from './graphql/events.resolver';
export { QuarantineResolver, type QuarantineResolverDependencies } from './graphql/quarantine.resolver';
export { TimelineResolver, type TimelineResolverDependencies } from './graphql/timeline.resolver';
export { EventTypeEnum } from './graphql/event.enums';
export { EventInput, MoneyInput } from './graphql/event.input';
export { EventResult, RecordEventsPayload } from './graphql/record-events.payload';
