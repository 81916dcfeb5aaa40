import type { BannerId, CampaignId, PlacementId, PolicyVersionId, Result } from '@vitrine/kernel';
import type { Policy, PolicyError, PolicySpec } from '@vitrine/bandit';
import type { CompiledCatalog } from '../domain/compiled-catalog';
import type { PolicyPointer } from '../domain/policy-pointer';
import type { Banner, Campaign, Catalog, Placement, PolicyVersion } from '../domain/types';

/** The catalogue that decisions are made from, in memory. */
export interface CatalogSource {
  /** @throws DomainError DEPENDENCY_UNAVAILABLE before the first catalogue was loaded */
  current(): CompiledCatalog;
}

/** Reads the whole catalogue at one revision. */
export interface CatalogLoader {
  load(): Promise<Catalog>;
  /** The newest committed revision: cheap, asked every half second. */
  headRevision(): Promise<number>;
}

/** An object and the catalogue revision that last changed it. */
export interface Stored<T> {
  readonly value: T;
  readonly revision: number;
}

/**
 * Writes of one catalogue change. They are serialised by the head revision that each of them raises, so what is read here is still true
 * when it commits.
 */
export interface CatalogTransaction {
  /** The revision that this change makes. */
  readonly revision: number;
  findPlacement(id: PlacementId): Promise<Stored<Placement> | null>;
  findCampaign(id: CampaignId): Promise<Stored<Campaign> | null>;
  findBanner(id: BannerId): Promise<Stored<Banner> | null>;
  /** Those of the ids that exist. */
  existingPlacements(ids: readonly PlacementId[]): Promise<ReadonlySet<string>>;
  existingCampaigns(ids: readonly CampaignId[]): Promise<ReadonlySet<string>>;
  existingBanners(ids: readonly BannerId[]): Promise<ReadonlySet<string>>;
  savePlacement(placement: Placement): Promise<void>;
  saveCampaign(campaign: Campaign): Promise<void>;
  saveBanner(banner: Banner): Promise<void>;
  findPointer(id: PlacementId): Promise<PolicyPointer | null>;
  savePointer(pointer: PolicyPointer): Promise<void>;
  getPolicyVersion(id: PolicyVersionId): Promise<PolicyVersion>;
  insertPolicyVersion(version: PolicyVersion): Promise<void>;
}

export interface CatalogStore {
  /**
   * Runs `work` in one transaction that raises the head revision by one. `work` may run again after a conflict: it has no effects but
   * through the transaction.
   */
  write<T>(work: (transaction: CatalogTransaction) => Promise<T>): Promise<Stored<T>>;
}

export interface CampaignFilter {
  readonly placementId: PlacementId | null;
  readonly enabled: boolean | null;
  /** Part of the id or name, in any case. */
  readonly text: string | null;
}

export interface CampaignPage {
  readonly rows: readonly Stored<Campaign>[];
  readonly hasNext: boolean;
}

export interface CampaignQuery {
  readonly filter: CampaignFilter;
  readonly first: number;
  /** Campaigns after this id, in id order; null from the start. */
  readonly after: string | null;
}

/** What internal screens read: the stored catalogue, not a gateway's copy of it. */
export interface CatalogReader {
  findPlacement(id: PlacementId): Promise<Stored<Placement> | null>;
  listPlacements(): Promise<readonly Stored<Placement>[]>;
  listCampaigns(query: CampaignQuery): Promise<CampaignPage>;
  listBanners(campaigns: readonly CampaignId[]): Promise<readonly Stored<Banner>[]>;
  /** Those of the ids that exist, in id order. */
  findBanners(ids: readonly BannerId[]): Promise<readonly Stored<Banner>[]>;
  /** All versions of a placement's policy, the newest first, and which one is live. */
  listPolicies(id: PlacementId): Promise<PolicyListing>;
}

export interface PolicyListing {
  readonly versions: readonly PolicyVersion[];
  readonly live: number | null;
}

/** How far a version has learned. */
export interface PolicyLearning {
  /** Grows with every fold. */
  readonly revision: number;
  /** Highest ledger number folded. */
  readonly cursor: number;
  /** Ledger entries folded, from the beginning. */
  readonly entries: number;
  /** Of the statistics; null before the first fold, and where it was made before layouts were noted. */
  readonly layout: string | null;
  /** ms since the epoch. */
  readonly updatedAt: number;
}

/** What was learned is kept elsewhere; the catalogue only shows how far it is. */
export interface PolicyLearningReader {
  /** Those of the versions that learned anything. */
  heads(ids: readonly PolicyVersionId[]): Promise<ReadonlyMap<PolicyVersionId, PolicyLearning>>;
}

/** Told to other processes after a committed change. */
export interface CatalogNotice {
  readonly kind: 'catalog';
  /** Id of the object that changed. */
  readonly id: string;
  readonly revision: number;
}

/** Never throws and is not waited for: a lost notice costs readers one poll interval. */
export type AnnounceCatalogChange = (notice: CatalogNotice) => void;

/** Makes the policy that a version names, to prove that it can be made. */
export type ValidatePolicy = (
  spec: Pick<PolicySpec, 'name' | 'params'>,
  dimension: number,
) => Result<Pick<Policy, 'dimension' | 'family'>, PolicyError>;
