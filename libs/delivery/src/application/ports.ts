import type { BannerId, DecisionId, PlacementId, PolicyVersionId, VisitorHash } from '@vitrine/kernel';
import type { IdentifyBanner, PlacementPrior } from '@vitrine/bandit';
import type { DeviceClass, Eligibility, EligibilityRequest, EligibleBanner, Placement, PolicyVersion } from '@vitrine/catalog';
import type { ArmStatistics } from '@vitrine/feedback';
import type { SegmentMembership } from '@vitrine/profile';
import type { SegmentAssigner } from '@vitrine/segment';
import type { Place } from '../domain/personal-facts';
import type { ServablePolicy } from '../domain/servable-policy';
import type { DecisionRecord } from '../domain/types';
import type { PageAnswer } from './page-answer';

/** What can be offered at one catalogue revision; immutable. */
export interface Offers {
  readonly revision: number;
  placement(id: PlacementId): Placement | null;
  hasPolicy(id: PlacementId): boolean;
  openPage(): OfferPage;
}

/** The offers of one page: what depends on the visitor and the moment only is asked once for all its placements. */
export interface OfferPage {
  /** Requests of one page may differ in `excludedBannerIds` and `pacingDraw` only. */
  eligibility(placementId: PlacementId, request: EligibilityRequest): Eligibility;
  fallback(placementId: PlacementId, device: DeviceClass, locale: string | null): readonly EligibleBanner[];
}

export interface OfferSource {
  /** Null until the catalogue was read once. */
  current(): Offers | null;
}

export interface ServingPolicies {
  /** Null when the placement has no policy that compiles. Two calls may give different revisions: a decision calls once. */
  get(placementId: PlacementId): ServablePolicy | null;
}

/** The live segment model as decisions use it. */
export interface SegmentPlacer extends Pick<SegmentAssigner, 'modelVersion' | 'middleOf'> {
  /** @param features as `encodeSegmentFeatures` gives them */
  place(features: Float64Array): Place;
}

export interface SegmentSource {
  /** Null while no model is published. */
  current(): SegmentPlacer | null;
}

/** The segment of a profile at one of its revisions, as it was read with the consent to PERSONALIZATION. */
export interface RememberedSegment {
  readonly profileId: string;
  readonly revision: number;
  readonly segment: SegmentMembership;
}

/** Segments of visitors, for as long as nothing says that they may have changed their mind; only for profiles that cannot be read. */
export interface SegmentMemory {
  /** Only to be called with the visitor's consent to PERSONALIZATION. Nothing is kept of a revision that is known to be outdated. */
  remember(visitor: VisitorHash, known: RememberedSegment): void;
  /** Null when nothing is remembered, or not any more. */
  recall(visitor: VisitorHash): SegmentMembership | null;
  /** The visitor was read, and nothing is to be known. */
  forget(visitor: VisitorHash): void;
}

/** Keyed hashes, so that no client can pick its draw or guess an id. */
export interface DecisionKeys {
  /** A new time-ordered id. */
  freshId(): DecisionId;
  /** The same id for the same parts, on every gateway. */
  derivedId(parts: readonly string[]): DecisionId;
  /** Four 32-bit words. */
  seed(id: DecisionId): Uint32Array;
  /** The same four words for the same parts, on every gateway. */
  derivedSeed(parts: readonly string[]): Uint32Array;
  digest(parts: readonly string[]): string;
}

export type FirstAnswer =
  | { readonly status: 'FIRST' }
  | { readonly status: 'REPEATED'; readonly answer: PageAnswer }
  /** The key was answered before for another input. */
  | { readonly status: 'CONFLICT' }
  /** The store is away or slow. */
  | { readonly status: 'UNAVAILABLE' };

export interface FirstAnswerStore {
  /** Keeps the first answer of a key for ten minutes. Never throws, and gives up after a few milliseconds. */
  settle(key: string, inputHash: string, answer: PageAnswer): Promise<FirstAnswer>;
}

export interface DecisionLog {
  /** Takes records to be written later. Never throws, never waits; what does not fit its buffer is dropped and counted. */
  append(records: readonly DecisionRecord[]): void;
}

export interface DecisionRepository {
  find(id: DecisionId): Promise<DecisionRecord | null>;
}

/** Says what went wrong in the background; nothing waits for it. */
export interface FaultReporter {
  report(fault: 'policy-compile' | 'policy-state', error: unknown, subject: string): void;
}

export type PastState =
  | {
      readonly status: 'FOUND';
      readonly arms: readonly Pick<ArmStatistics, 'bannerId' | 'statistics'>[];
      /** What other placements had taught it by then; null for nothing. */
      readonly prior: PlacementPrior | null;
    }
  /** An erasure took evidence out, so that the state of then cannot be had any more. */
  | { readonly status: 'ERASED' }
  /** The checkpoint or the ledger before it is no longer held. */
  | { readonly status: 'GONE' };

export interface PastStates {
  /** The statistics of a version as they were at one revision, folded again from the ledger. */
  at(versionId: PolicyVersionId, revision: number): Promise<PastState>;
}

export interface PastIdentities {
  /** Who these banners were at a catalogue revision; null when one of them changed since, so that nobody can tell any more. */
  at(banners: readonly BannerId[], catalogRevision: number): Promise<IdentifyBanner | null>;
}

/** What was noted when a revision was made. */
export interface FoldNote {
  /** Highest `foldSeq` folded. */
  readonly cursor: number;
  /** Entries folded from the beginning. */
  readonly entries: number;
  readonly priorId: string | null;
}

export interface FoldLog {
  find(versionId: PolicyVersionId, revision: number): Promise<FoldNote | null>;
}

export interface PolicyVersions {
  find(id: PolicyVersionId): Promise<PolicyVersion | null>;
}
