export {
  ACTIVATION_EVENTS,
  DEVICE_CLASSES,
  MEDIA_TYPES,
  REJECTION_REASONS,
  SURFACES,
  type ActivationEvent,
  type Banner,
  type Campaign,
  type Catalog,
  type Creative,
  type DayPart,
  type DeviceClass,
  type Eligibility,
  type EligibilityRequest,
  type EligibleBanner,
  type FeatureEncoding,
  type FeatureSource,
  type FeatureSpec,
  type FrequencyCap,
  type MediaType,
  type Placement,
  type PolicyVersion,
  type RejectionReason,
  type RewardEventType,
  type RewardSpec,
  type Size,
  type Surface,
} from './domain/types';
export type { AudienceCompiler, AudienceInput, AudienceProgram, AudienceVerdict, RuleError } from './domain/audience';
export { createCelAudienceCompiler } from './domain/cel-audience-compiler';
export { compileCatalog } from './domain/compile-catalog';
export { audienceFailures, type CatalogFault, type CompiledCatalog, type CompiledPlacement } from './domain/compiled-catalog';
export { bannerGroups } from './domain/banner-groups';
export { canonicalJson } from './domain/canonical-json';
export { eligibility } from './domain/eligibility';
export { openEligibilityPage, type EligibilityPage } from './domain/eligibility-page';
export { benchmarkEligibility, type EligibilityBenchmark } from './domain/eligibility.bench';
export { fallback } from './domain/fallback';
export { encodingLength, featureDimension, featureSchemaHash, MAX_DIMENSION, validateFeatures } from './domain/feature-schema';
export { validateBanner } from './domain/banner.validation';
export { validateCampaign, type CampaignReferences } from './domain/campaign.validation';
export { validatePlacement } from './domain/placement.validation';
export type { PointerMove, PolicyPointer } from './domain/policy-pointer';
export type {
  AnnounceCatalogChange,
  CampaignFilter,
  CampaignPage,
  CampaignQuery,
  CatalogLoader,
  CatalogNotice,
  CatalogReader,
  CatalogSource,
  CatalogStore,
  CatalogTransaction,
  PolicyLearning,
  PolicyLearningReader,
  PolicyListing,
  Stored,
  ValidatePolicy,
} from './application/ports';
export { PublishPolicy, type PublishPolicyDeps, type PublishPolicyRequest } from './application/publish-policy';
export { RollbackPolicy, type RollbackPolicyDeps, type RollbackPolicyRequest } from './application/rollback-policy';
export { UpsertBanner, type BannerPatch } from './application/upsert-banner';
export { UpsertCampaign, type CampaignPatch, type UpsertCampaignDeps } from './application/upsert-campaign';
export { UpsertPlacement, type PlacementPatch } from './application/upsert-placement';
export { catalogMigrations } from './store/catalog.migrations';
export { CatalogWatcher, type CatalogWatcherDeps } from './store/catalog.watcher';
export { MongoCatalogLoader } from './store/mongo-catalog.loader';
export { MongoCatalogReader } from './store/mongo-catalog.reader';
export { MongoCatalogStore } from './store/mongo-catalog.store';
export { BannerType, CreativeType, ManagedBannerType } from './graphql/banner.types';
export type { CatalogContext } from './graphql/catalog.context';
export { DeviceClassEnum, SurfaceEnum } from './graphql/catalog.enums';
export { CatalogResolver, type CatalogResolverDeps } from './graphql/catalog.resolver';
export { PlacementType } from './graphql/placement.types';
export { PolicyDefinitionType } from './graphql/policy-definition.types';
export { PolicyVersionType } from './graphql/policy-version.types';
export { PolicyResolver, type PolicyResolverDeps } from './graphql/policy.resolver';
