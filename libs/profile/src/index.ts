export {
  CONSENT_STATES,
  PURPOSES,
  type Consent,
  type ConsentEntry,
  type ConsentStatus,
  type ConsentWord,
  type DecayedCounter,
  type Profile,
  type ProfileRead,
  type ProfileReader,
  type Purpose,
  type SegmentMembership,
  type Traits,
  type TraitValue,
  type VisitorHasher,
} from './domain/types';
export { counterValueAt, foldCounter, INTEREST_DECAY, mergeCounters, type DecayFamily } from './domain/decayed-counter';
export { PROFILE_EVENT_TYPES, type ProfileEvent, type ProfileEventType } from './domain/profile-event';
export {
  applyEvent,
  applyEvents,
  emptyFeatures,
  FEATURE_CATALOGUE,
  mergeFeatures,
  readFeatures,
  type BehaviouralFeatures,
  type CataloguedFeature,
} from './domain/features/feature-catalogue';
export { type FeatureValue } from './domain/features/feature-family';
export { exposuresWithin, interestsAt, visitsOf } from './domain/behavioural-features';
export {
  changeConsent,
  CONSENT_CLOCK_TOLERANCE_MS,
  consentTier,
  grantedThroughout,
  mayDo,
  mayKeepProfile,
  mayUse,
  mergeConsent,
  wasGranted,
  type ConsentChange,
  type ConsentDefault,
} from './domain/consent';
export { mergeProfiles, newProfile } from './domain/profile';
export { responseHistory, segmentFeaturesFor, type ResponseHistory } from './domain/response-history';
export { MongoLearnedEvents } from './store/mongo-learned-events';
export { encodeSegmentFeatures, SEGMENT_FEATURE_NAMES } from './domain/segment-features';
export { SMALLEST_SEGMENT } from './domain/smallest-segment';
export { type IdentityCaller } from './application/identity-caller';
export { Identify, type IdentifyCommand, type IdentifyOutcome, type IdentityDeps } from './application/identify';
export { ExportProfile, type ExportProfileDeps, type ProfileExport } from './application/export-profile';
export type { ErasedModel, ErasedPolicy, ErasedRows, ErasureOrder, PersonalData, PersonKeys } from './application/personal-data';
export { EraseProfile, type EraseProfileDeps, type ErasureReceipt } from './application/erase-profile';
export { MergeProfiles, type MergeProfilesCommand } from './application/merge-profiles';
export { UnmergeProfile, type UnmergeProfileDeps } from './application/unmerge-profile';
export { unmergeProfile, type LearnedEvent, type Unmerged } from './domain/unmerge';
export { heldLearnedEvents, LEARNED_EVENTS as LEARNED_EVENTS_COLLECTION } from './store/learned-events';
export { SweepErasures, type BuriedPerson, type SweepErasuresDeps, type TombstoneKeeper } from './application/sweep-erasures';
export { ExpireProfiles, type ExpireProfilesDeps } from './store/expire-profiles';
export { MongoTombstones } from './store/mongo-tombstones';
export { SetConsent, type ConsentOutcome, type SetConsentCommand } from './application/set-consent';
export { ListProfiles, ReadProfile, type ListProfilesCommand, type ProfilePage } from './application/read-profiles';
export { DIRECTIONS, type ConsentCondition, type Direction, type FeatureRange, type ProfileConditions } from './domain/profile-listing';
export { INDEXED_FEATURES } from './domain/features/facts';
export { type ProfileChanges, type ProfileQuery, type ProfileRepository, type ProfileTransaction } from './application/profile.repository';
export { profileMigrations } from './store/profile.migrations';
export { sealedProfilesMigration } from './store/sealed-profiles.migration';
export { PROFILES as PROFILES_COLLECTION } from './store/personal-fields';
export { type AnonymousProfile } from './store/profile.mapper';
export { type ProfileTablesDeps } from './store/profile.schema';
export { MongoProfileRepository, type LoadedVisitors, type MongoProfileDeps, type ProfileChange } from './store/mongo-profile.repository';
export { MongoProfileScan, type SegmentAssignment } from './store/mongo-profile-scan';
export { ProfileEventApplier, type ChangedProfile, type ProfileEventApplierDeps, type VisitorEvents } from './store/profile-event-applier';
export { IdentityResolver, type ResolvedIdentity } from './store/identity-resolver';
export {
  CACHED_PROFILE_READER_DEFAULTS,
  CachedProfileReader,
  type CachedProfileReaderOptions,
  type ProfileSource,
  type ProfileWatcher,
} from './store/cached-profile-reader';
export { createProfileChanges } from './store/profile-changes';
export { createVisitorHasher } from './store/visitor-hasher';
export { identityCallerOf, type ProfileContext } from './graphql/profile.context';
export { ProfileType } from './graphql/profile.type';
export { ProfileConnection } from './graphql/profile-connection.type';
export { ProfileResolver, type ProfileResolverDeps } from './graphql/profile.resolver';
export { PrivacyResolver, type PrivacyResolverDeps } from './graphql/privacy.resolver';
export { IdentityMutationsResolver, type IdentityResolverDeps } from './graphql/identity.resolver';
export { parseTraitPatch } from './domain/traits';
