import type { BannerId, DecisionId, VisitorHash } from '@vitrine/kernel';
import { isShadowed, mixFloor } from '@vitrine/bandit';
import type { Eligibility, EligibleBanner, Placement } from '@vitrine/catalog';
import type { Layer } from '@vitrine/feedback';
import type { FeatureContext } from './feature-source';
import { drawSlots, layerOf, oneHot, takeInOrder, uniform, type Filled } from './fill';
import { fixedOrder, isHeldOut } from './holdout';
import type { CompiledPolicy, PolicyState, ScoredContext, ServablePolicy } from './servable-policy';
import type { ConsentTier, DecisionRecord, LadderStep, Selection } from './types';

export interface PlacementInputs {
  readonly id: DecisionId;
  readonly groupId: string;
  readonly placement: Placement;
  readonly slots: number;
  readonly seed: Uint32Array;
  /** Whether the seed is that of the visitor's period, so that the visitor keeps banners. */
  readonly sticky: boolean;
  readonly catalogRevision: number;
  readonly eligibility: Eligibility;
  /** What to show when nothing is eligible, in order. */
  readonly fallback: readonly EligibleBanner[];
  /** Null when the placement has no policy, or none that compiles. */
  readonly policy: ServablePolicy | null;
  /** Whether the catalogue names a policy for this placement: without one, deciding without one is not a loss. */
  readonly policyExpected: boolean;
  readonly context: FeatureContext;
  readonly visitor: DecidedVisitor;
}

export interface DecidedVisitor {
  /** Null for a request that names nobody. */
  readonly hash: VisitorHash | null;
  readonly consentTier: ConsentTier;
  /** The profile missed its deadline or its database is down. */
  readonly profileMissing: boolean;
  readonly segmentModelVersion: number | null;
}

export interface PlacementChoice {
  readonly record: DecisionRecord;
  readonly shown: readonly EligibleBanner[];
}

interface Ruling {
  readonly step: LadderStep;
  readonly layer: Layer;
  readonly candidates: readonly EligibleBanner[];
  readonly distribution: Float64Array;
  readonly shadow: Float64Array | null;
  readonly selection: Selection;
  readonly filled: Filled;
  readonly stateRevision: number;
  /** The ladder went down because something was missing. */
  readonly missing: boolean;
}

const NO_STEPS = new Int8Array(0);

/**
 * One decision as a pure function of its inputs (D2).
 *
 * The ladder (D6): PERSONAL is the live policy with all that it may know; SEGMENT is the same policy when the profile could not be read and
 * the policy reads one, on the visitor's segment and its middle where they are remembered, else on the request's own context; CONTEXT_FREE is an even draw over the eligible set, when no state of the policy
 * can be had, and the fixed order of held-out visitors; FALLBACK is the placement's own list, when nothing is eligible.
 *
 * In the layers HOLDOUT and DEFAULT `eligible` holds the fixed order that was shown and the distribution is one-hot.
 *
 * @throws DomainError FEATURE_VALUE_INVALID naming the feature
 */
export function decidePlacement(inputs: PlacementInputs): PlacementChoice {
  const { policy, visitor, context } = inputs;
  // Read first, whatever is decided: a trial of any layer must carry a context of the schema that its version names.
  const scored = policy === null ? null : policy.read(context);
  const ruling = rule(inputs, scored);
  const shown = pick(ruling.candidates, ruling.filled.indices);
  const record: DecisionRecord = {
    id: inputs.id,
    groupId: inputs.groupId,
    placementId: inputs.placement.id,
    decidedAt: context.nowMs,
    visitorHash: visitor.consentTier === 'PERSONALIZED' ? visitor.hash : null,
    consentTier: visitor.consentTier,
    ladderStep: ruling.step,
    degraded: ruling.missing || visitor.profileMissing,
    layer: ruling.layer,
    policyVersionId: policy?.version.id ?? null,
    stateRevision: ruling.stateRevision,
    catalogRevision: inputs.catalogRevision,
    segmentId: context.personal?.segmentId ?? null,
    segmentModelVersion: visitor.segmentModelVersion,
    device: context.device,
    eligible: ruling.candidates.map(({ banner, pacing }) => ({ bannerId: banner.id, pacing })),
    rejected: inputs.eligibility.rejected,
    distribution: ruling.distribution,
    steps: scored?.steps ?? NO_STEPS,
    shadowDistribution: ruling.shadow,
    selection: ruling.selection,
    seed: inputs.seed,
    slots: shown.map(({ banner, creative }, slot) => ({
      bannerId: banner.id,
      creativeId: creative.id,
      propensity: ruling.filled.propensities[slot] ?? 1,
    })),
  };
  return { record, shown };
}

function rule(inputs: PlacementInputs, scored: ScoredContext | null): Ruling {
  const { eligibility, fallback, placement, visitor, slots, policy, context } = inputs;
  const { eligible } = eligibility;
  if (eligible.length === 0) return fixed('FALLBACK', 'DEFAULT', fallback, slots);
  if (isHeldOut(visitor.hash, placement.id, placement.holdoutShare)) {
    return fixed('CONTEXT_FREE', 'HOLDOUT', fixedOrder(eligible, placement), slots);
  }
  if (policy === null || policy.state === null || scored === null) {
    return drawn(inputs, {
      step: 'CONTEXT_FREE',
      distribution: uniform(eligible.length),
      shadow: null,
      stateRevision: 0,
      missing: inputs.policyExpected,
    });
  }
  const blind = visitor.profileMissing && policy.personal;
  const banners = eligible.map(({ banner }) => banner.id);
  const point = { context: scored.vector, at: context.nowMs };
  return drawn(inputs, {
    step: blind ? 'SEGMENT' : 'PERSONAL',
    distribution: scoreBanners(policy, policy.state, banners, point),
    shadow: scoreShadow(policy, policy.state, banners, point),
    stateRevision: policy.state.revision,
    missing: blind,
  });
}

/**
 * The policy's distribution over these banners with its floor mixed in: what is drawn from, logged and evaluated.
 *
 * @param point context of shape [policy.dimension] and the time of the decision, ms since the epoch
 */
export function scoreBanners(
  { version }: CompiledPolicy,
  state: PolicyState,
  banners: readonly BannerId[],
  point: { readonly context: Float64Array; readonly at: number },
): Float64Array {
  const out = new Float64Array(banners.length);
  state.distribution(banners, point, out);
  mixFloor(out, version.policy.floor);
  return out;
}

/** What a policy that only watches would do with these banners, without the floor, which is the live policy's; null where none watches. */
export function scoreShadow(
  { policy }: CompiledPolicy,
  state: PolicyState,
  banners: readonly BannerId[],
  point: { readonly context: Float64Array; readonly at: number },
): Float64Array | null {
  if (!isShadowed(policy)) return null;
  const out = new Float64Array(banners.length);
  const arms = banners.map((id) => state.arm(id));
  policy.shadowDistribution(arms, { ...point, pool: state.pool() }, out);
  return out;
}

type Scored = Pick<Ruling, 'step' | 'distribution' | 'shadow' | 'stateRevision' | 'missing'>;

function drawn({ eligibility: { eligible }, slots, seed, sticky }: PlacementInputs, scored: Scored): Ruling {
  const selection = sticky ? 'STICKY' : 'DRAW';
  const filled = drawSlots(scored.distribution, slots, { selection, seed, banners: eligible.map(({ banner }) => banner.id) });
  return { ...scored, candidates: eligible, selection, filled, layer: layerOf(scored.distribution, filled.indices[0] ?? 0) };
}

function fixed(step: LadderStep, layer: 'HOLDOUT' | 'DEFAULT', candidates: readonly EligibleBanner[], slots: number): Ruling {
  const filled = takeInOrder(candidates.length, slots);
  const distribution = oneHot(candidates.length);
  return { step, layer, candidates, distribution, shadow: null, selection: 'FIXED', filled, stateRevision: 0, missing: false };
}

function pick(candidates: readonly EligibleBanner[], indices: readonly number[]): readonly EligibleBanner[] {
  return indices.flatMap((index) => candidates[index] ?? []);
}
