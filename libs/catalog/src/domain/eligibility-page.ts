import type { CompiledCatalog } from './compiled-catalog';
import type { AudienceInput } from './audience';

/**
 * What the placements of one page share: verdicts per campaign that depend on the visitor and the moment, and scratch memory. Opened per
 * request, never kept.
 */
export interface EligibilityPage {
  readonly compiled: CompiledCatalog;
  /** Per campaign: 0 not asked yet, 1 passed, else 2 + index into `REJECTION_REASONS`. */
  readonly gates: Uint8Array;
  /** Per campaign: 0 not asked yet, 1 below the cap, 2 at the cap. */
  readonly caps: Uint8Array;
  /** Per campaign, cleared per placement: 0 not drawn yet, 1 takes part, 2 does not. */
  readonly draws: Uint8Array;
  /** Per candidate of the placement at hand: 0 not rejected, else 1 + index into `REJECTION_REASONS`. */
  readonly verdicts: Uint8Array;
  audienceInput: AudienceInput | null;
}

/** Starts the eligibility pass of one request. */
export function openEligibilityPage(compiled: CompiledCatalog): EligibilityPage {
  const campaigns = compiled.campaigns.length;
  let candidates = 0;
  for (const placement of compiled.placements.values()) candidates = Math.max(candidates, placement.candidates.length);
  return {
    compiled,
    gates: new Uint8Array(campaigns),
    caps: new Uint8Array(campaigns),
    draws: new Uint8Array(campaigns),
    verdicts: new Uint8Array(candidates),
    audienceInput: null,
  };
}
