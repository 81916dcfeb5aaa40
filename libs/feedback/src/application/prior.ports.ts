import type { IdentifyBanner, PlacementPrior } from '@vitrine/bandit';
import type { PlacementId } from '@vitrine/kernel';
import type { FoldVersion } from './ledger.ports';

/** Priors by the name of their content: written once, never changed. */
export interface PriorStore {
  /** @returns the name; keeping the same prior again gives the same one */
  keep(prior: PlacementPrior, at: number): Promise<string>;
}

export interface PriorReader {
  /** @throws DomainError NOT_FOUND; PRIOR_MALFORMED, STATE_VERSION_MISMATCH for one that this release cannot read */
  readPrior(id: string): Promise<PlacementPrior>;
}

/** A placement as priors see it. */
export interface PriorPlacement {
  readonly placementId: PlacementId;
  readonly surface: string;
  /** Placements with the same text reward the same things by the same amounts, so that one can speak for another. */
  readonly rewardScale: string;
  /** Whose statistics speak for the placement, best first. */
  readonly versions: readonly FoldVersion[];
}

export interface PriorCatalog {
  listPlacements(): Promise<readonly PriorPlacement[]>;
  /** Who the banners of the catalogue are now. */
  identities(): Promise<IdentifyBanner>;
}
