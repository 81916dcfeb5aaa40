export { DecidePage, type DecidePageDeps } from './application/decide-page';
export {
  AskPersona,
  type AskPersonaCommand,
  type AskPersonaDeps,
  type Persona,
  type PersonaDecision,
  type PersonaOutcome,
} from './application/ask-persona';
export { identitiesOf, StoredIdentities, type StoredBanners } from './application/banner-identities';
export { offersFromCatalog } from './application/catalog-offers';
export { LedgerPastStates, type LedgerPastStatesDeps } from './application/ledger-past-states';
export { PolicyStates } from './application/policy-states';
export { ReplayDecision, type DecisionReplay, type ReplayDecisionDeps } from './application/replay-decision';
export type {
  DecidePageRequest,
  PageAnswer,
  PageContext,
  PlacementAnswer,
  PlacementFailure,
  PlacementOutcome,
  PlacementRequest,
  SlotAnswer,
} from './application/page-answer';
export type {
  DecisionKeys,
  DecisionLog,
  DecisionRepository,
  FaultReporter,
  FirstAnswer,
  FirstAnswerStore,
  FoldLog,
  FoldNote,
  OfferPage,
  Offers,
  OfferSource,
  PastIdentities,
  PastState,
  PastStates,
  PolicyVersions,
  RememberedSegment,
  SegmentMemory,
  SegmentPlacer,
  SegmentSource,
  ServingPolicies,
} from './application/ports';
export { CLICK_PARAMETER, clickUrl } from './domain/click-url';
export { benchDecide, type DecideTiming } from './bench/decide.bench';
export { compileFeatures, type FeatureEncoder } from './domain/feature-encoder';
export type { FeatureContext, FeatureValue, PersonalFacts } from './domain/feature-source';
export { CONSENT_TIERS, LADDER_STEPS, type ConsentTier, type DecisionRecord, type LadderStep } from './domain/types';
export { BatchedDecisionLog, type BatchedDecisionLogOptions, type DecisionChunkQueue } from './store/batched-decision.log';
export { createDecisionLogProcessor, type DecisionLogOutcome, type DecisionLogProcessorDeps } from './store/decision-log.processor';
export type { DecisionChunk } from './store/decision.document';
export { heldDecisions, queuedDecisions } from './store/held-decisions';
export { deliveryMigrations } from './store/delivery-migrations';
export { createDecisionKeys } from './store/hmac-decision-keys';
export { MongoDecisionRepository } from './store/mongo-decision.repository';
export { MongoFoldLog } from './store/mongo-fold.log';
export { PolicyStateFeed, policyFaultLog, POLL_INTERVAL_MS } from './store/policy-state-feed';
export { RememberedSegments } from './store/remembered-segments';
export { RedisFirstAnswerStore, type RedisFirstAnswerOptions } from './store/redis-first-answer.store';
export { BannersResolver } from './graphql/banners.resolver';
export { BannersPayload } from './graphql/banners.types';
export type { DeliveryContext } from './graphql/delivery.context';
export { DecisionResolver } from './graphql/decision.resolver';
export { DecisionRecordType } from './graphql/decision.types';
export { PersonaResolver, type PersonaResolverDeps } from './graphql/persona.resolver';
export { PersonaPayload } from './graphql/persona.types';
