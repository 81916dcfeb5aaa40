import type { BannerId, DecisionId, ErrorCode, PlacementId, VisitorId } from '@vitrine/kernel';
import type { Banner, Creative, DeviceClass } from '@vitrine/catalog';
import type { Layer } from '@vitrine/feedback';
import type { FeatureValue } from '../domain/feature-source';

export interface PlacementRequest {
  /** Not yet known to exist. */
  readonly id: PlacementId;
  /** Null asks for as many as the placement has. */
  readonly slots: number | null;
  readonly excludeBannerIds: readonly BannerId[];
}

export interface PageContext {
  readonly device: DeviceClass;
  readonly locale: string | null;
  readonly url: string | null;
  readonly category: string | null;
  readonly productId: string | null;
  readonly features: Readonly<Record<string, FeatureValue>>;
}

export interface DecidePageRequest {
  /** Short name of the caller's key. */
  readonly keyId: string;
  /** The signed-in visitor of a user token: wins over `visitorId`. */
  readonly userId: VisitorId | null;
  readonly visitorId: VisitorId | null;
  readonly placements: readonly PlacementRequest[];
  readonly context: PageContext;
  /** Suppliable by the client: makes retries idempotent. */
  readonly decisionGroupId: string | null;
  /** Bots, and the shop's own people, get banners and leave no record (D4). */
  readonly bot: boolean;
}

export interface SlotAnswer {
  readonly position: number;
  readonly banner: Banner;
  readonly creative: Creative;
  readonly clickUrl: string;
  readonly token: string;
}

export interface PlacementAnswer {
  readonly decisionId: DecisionId;
  readonly placementId: PlacementId;
  readonly layer: Layer;
  /** Something that the decision would have read was missing. */
  readonly degraded: boolean;
  readonly stateRevision: number;
  readonly slots: readonly SlotAnswer[];
}

export interface PlacementFailure {
  readonly code: ErrorCode;
  readonly placementId: string;
  /** Name of the feature whose value was refused. */
  readonly feature: string | null;
}

export type PlacementOutcome =
  { readonly ok: true; readonly value: PlacementAnswer } | { readonly ok: false; readonly error: PlacementFailure };

export interface PageAnswer {
  readonly decisionGroupId: string;
  /** In the order of the request. */
  readonly decisions: readonly PlacementOutcome[];
}
