import type { BannerId, DecisionId, PlacementId, PolicyVersionId, VisitorHash } from '@vitrine/kernel';
import type { RejectionReason } from '@vitrine/catalog';
import type { Layer } from '@vitrine/feedback';

/** Which step of the degradation ladder answered (D6). */
export const LADDER_STEPS = ['PERSONAL', 'SEGMENT', 'CONTEXT_FREE', 'FALLBACK'] as const;
export type LadderStep = (typeof LADDER_STEPS)[number];
export const CONSENT_TIERS = ['PERSONALIZED', 'CONTEXT_ONLY'] as const;
export type ConsentTier = (typeof CONSENT_TIERS)[number];

/** How slots are filled from a distribution: each decision draws anew, or as the visitor's earlier draws of the period fell, or in order. */
export const SELECTIONS = ['DRAW', 'STICKY', 'FIXED'] as const;
export type Selection = (typeof SELECTIONS)[number];

/** Everything a decision depended on (D2): replaying it gives the same slots. */
export interface DecisionRecord {
  readonly id: DecisionId;
  readonly groupId: string;
  readonly placementId: PlacementId;
  readonly decidedAt: number;
  /** Null without consent (D7). */
  readonly visitorHash: VisitorHash | null;
  readonly consentTier: ConsentTier;
  readonly ladderStep: LadderStep;
  readonly degraded: boolean;
  readonly layer: Layer;
  readonly policyVersionId: PolicyVersionId | null;
  readonly stateRevision: number;
  readonly catalogRevision: number;
  readonly segmentId: string | null;
  readonly segmentModelVersion: number | null;
  readonly device: string;
  /** Eligible banners in the order of `distribution`. */
  readonly eligible: readonly { readonly bannerId: BannerId; readonly pacing: number }[];
  readonly rejected: readonly { readonly bannerId: BannerId; readonly reason: RejectionReason }[];
  /** After the floor. */
  readonly distribution: Float64Array;
  readonly steps: Int8Array;
  /** What a shadow policy would have done with the same banners, before any floor; null where none watches. Nothing is shown by it. */
  readonly shadowDistribution: Float64Array | null;
  readonly selection: Selection;
  /** Four 32-bit words; of a sticky decision those of its visitor and period. */
  readonly seed: Uint32Array;
  readonly slots: readonly { readonly bannerId: BannerId; readonly creativeId: string; readonly propensity: number }[];
}
