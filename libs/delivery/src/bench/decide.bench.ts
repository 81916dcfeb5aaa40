import { bannerId, campaignId, decisionId, invariant, placementId, policyVersionId, rngFromNumber, type BannerId } from '@vitrine/kernel';
import { LearnedState } from '@vitrine/bandit';
import type { EligibleBanner, FeatureSpec, Placement, PolicyVersion } from '@vitrine/catalog';
import { decidePlacement, type PlacementInputs } from '../domain/decide-placement';
import { compilePolicy, type CompiledPolicy } from '../domain/servable-policy';

const FEATURES = 32;
const WARM_UP = 200;
const CAMPAIGN = campaignId('bench');

export interface DecideTiming {
  readonly policy: string;
  readonly banners: number;
  readonly features: number;
  /** Features, quantising, distribution, floor and three slots: one placement, without eligibility and sealing. */
  readonly microsPerDecision: number;
}

/**
 * Times one decision over 50 banners with 32 features and learned statistics. A shell: reads the time itself.
 *
 * @param decisions how many are timed, after a warm-up
 */
export function benchDecide(decisions = 2_000, banners = 50): readonly DecideTiming[] {
  return ['auto', 'linear-thompson', 'lin-ucb', 'uniform'].map((name) => {
    const policy = compilePolicy(aVersion(name));
    const inputs = benchInputs(policy, banners);
    const contexts = Array.from({ length: 64 }, (_, i) => ({ ...inputs.context, features: requestFeatures(i) }));
    const run = (count: number, offset: number): void => {
      for (let i = 0; i < count; i++) {
        const seed = Uint32Array.of(i + offset, 2, 3, 4);
        const context = contexts[i % contexts.length] ?? inputs.context;
        invariant(decidePlacement({ ...inputs, seed, context }).record.slots.length === 3, 'three slots are filled');
      }
    };
    run(WARM_UP, 0);
    const started = performance.now();
    run(decisions, WARM_UP);
    return { policy: name, banners, features: FEATURES, microsPerDecision: ((performance.now() - started) * 1_000) / decisions };
  });
}

function aVersion(name: string): PolicyVersion {
  const placement = placementId('bench');
  const features: readonly FeatureSpec[] = Array.from({ length: FEATURES - 1 }, (_, i) => ({
    name: `f${i}`,
    source: { kind: 'request', key: `f${i}` },
    encoding: { kind: 'numeric', center: 0, scale: 1 },
  }));
  const dimension = name === 'uniform' ? 0 : FEATURES;
  const policy = { name, params: {}, floor: 0.05 };
  return {
    id: policyVersionId(placement, 1),
    placementId: placement,
    number: 1,
    policy,
    features,
    dimension,
    featureSchema: 0,
    createdAt: 0,
    createdBy: 'bench',
  };
}

const TRIAL = { kind: 'TRIAL', before: 0, propensity: 1, at: 0, key: 0 } as const;

function requestFeatures(i: number): Readonly<Record<string, number>> {
  const rng = rngFromNumber(i);
  return Object.fromEntries(Array.from({ length: FEATURES - 1 }, (_, f) => [`f${f}`, 2 * rng() - 1]));
}

/** Statistics of 200 trials per banner, made from a fixed seed. */
function learned({ policy }: CompiledPolicy, banners: readonly EligibleBanner[]): ReadonlyMap<BannerId, Float64Array> {
  const rng = rngFromNumber(1);
  const context = new Float64Array(policy.dimension);
  return new Map(
    banners.map(({ banner }) => {
      const statistics = new Float64Array(policy.family.length);
      for (let trial = 0; trial < 200; trial++) {
        context.forEach((_, d) => (context[d] = d === 0 ? 1 : 2 * rng() - 1));
        policy.family.fold(statistics, { ...TRIAL, context, reward: rng() < 0.1 ? 1 : 0 });
      }
      return [banner.id, statistics];
    }),
  );
}

function benchInputs(policy: CompiledPolicy, count: number): PlacementInputs {
  const eligible = Array.from({ length: count }, (_, i) => aBanner(`b${i}`));
  const placement: Placement = {
    id: placementId('bench'),
    surface: 'HOMEPAGE',
    name: 'bench',
    slots: 3,
    sizes: {},
    activation: 'IMPRESSION',
    reward: { weights: { CLICK: 1 }, valueWeight: 0, aggregation: 'MAX', defaultReward: 0, min: 0, max: 1 },
    attributionWindowMs: 1,
    fallbackBannerIds: [],
    holdoutShare: 0,
  };
  return {
    id: decisionId('00000000-0000-7000-8000-000000000000'),
    groupId: 'bench',
    placement,
    slots: 3,
    seed: Uint32Array.of(1, 2, 3, 4),
    sticky: false,
    catalogRevision: 1,
    eligibility: { eligible, rejected: [] },
    fallback: [],
    policy: { ...policy, state: LearnedState.of({ policy: policy.policy, revision: 1, statistics: learned(policy, eligible) }) },
    policyExpected: true,
    context: { device: 'MOBILE', locale: null, category: null, nowMs: 0, features: {}, personal: null },
    visitor: { hash: null, consentTier: 'CONTEXT_ONLY', profileMissing: false, segmentModelVersion: null },
  };
}

function aBanner(id: string): EligibleBanner {
  const creative = { id: 'c', media: 'IMAGE', width: 1, height: 1, devices: [], locale: null, altText: '', url: '' } as const;
  const banner = {
    id: bannerId(id),
    name: id,
    landingUrl: '',
    category: null,
    tags: [],
    priceBand: null,
    enabled: true,
    creatives: [creative],
  };
  return { banner: { ...banner, campaignId: CAMPAIGN }, creative, pacing: 1 };
}
