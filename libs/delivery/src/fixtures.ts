import { bannerId, campaignId, decisionId, placementId, policyVersionId, visitorHash, type BannerId } from '@vitrine/kernel';
import { LearnedState, noneFamily, type ArmModel, type Policy } from '@vitrine/bandit';
import type { Banner, Creative, EligibleBanner, FeatureSpec, Placement, PolicyVersion } from '@vitrine/catalog';
import { emptyFeatures, type Profile } from '@vitrine/profile';
import type { SegmentPlacer } from './application/ports';
import type { PlacementInputs } from './domain/decide-placement';
import type { FeatureContext } from './domain/feature-source';
import type { ServablePolicy } from './domain/servable-policy';

/** Builders of the specs beside it; never part of the public API. */
export const NOON = Date.UTC(2026, 0, 5, 12, 30);

export function aCreative(id = 'cr'): Creative {
  return { id, media: 'IMAGE', width: 300, height: 250, devices: [], locale: null, altText: 'alt', url: `https://img.example/${id}.webp` };
}

export function aBanner(id: string, over: Partial<Banner> = {}): Banner {
  return {
    id: bannerId(id),
    campaignId: campaignId('camp'),
    name: id,
    landingUrl: `https://shop.example/${id}`,
    category: null,
    tags: [],
    priceBand: null,
    enabled: true,
    creatives: [aCreative(`cr-${id}`)],
    ...over,
  };
}

export function eligibleBanners(count: number, prefix = 'b'): readonly EligibleBanner[] {
  return Array.from({ length: count }, (_, i) => {
    const banner = aBanner(`${prefix}${String(i).padStart(2, '0')}`);
    return { banner, creative: banner.creatives[0] ?? aCreative(), pacing: 1 };
  });
}

export function aPlacement(over: Partial<Placement> = {}): Placement {
  return {
    id: placementId('home-hero'),
    surface: 'HOMEPAGE',
    name: 'Hero',
    slots: 3,
    sizes: {},
    activation: 'IMPRESSION',
    reward: { weights: { CLICK: 1 }, valueWeight: 0, aggregation: 'MAX', defaultReward: 0, min: 0, max: 1 },
    attributionWindowMs: 3_600_000,
    fallbackBannerIds: [],
    holdoutShare: 0,
    ...over,
  };
}

export function aVersion(over: Partial<PolicyVersion> & { readonly floor?: number } = {}): PolicyVersion {
  const { floor = 0, ...rest } = over;
  const id = placementId('home-hero');
  return {
    id: policyVersionId(id, 1),
    placementId: id,
    number: 1,
    policy: { name: 'uniform', params: {}, floor },
    features: [],
    dimension: 0,
    featureSchema: 0,
    createdAt: NOON,
    createdBy: 'spec',
    ...rest,
  };
}

/** A policy whose distribution is proportional to a weight per banner. */
export function weightedPolicy(
  weightOf: (id: BannerId) => number,
  over: { readonly floor?: number; readonly personal?: boolean } = {},
): ServablePolicy {
  const policy: Policy = {
    name: 'weighted',
    contextual: false,
    deterministic: false,
    family: noneFamily,
    dimension: 0,
    derive: ({ id }): ArmModel => weightOf(id),
    distribution(arms, _point, out) {
      const weights = arms.map(Number);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      weights.forEach((weight, i) => (out[i] = weight / total));
    },
  };
  return {
    version: aVersion({ floor: over.floor ?? 0 }),
    policy,
    personal: over.personal ?? false,
    read: () => ({ steps: Int8Array.of(32), vector: Float64Array.of(1) }),
    state: LearnedState.of({ policy, revision: 7, statistics: new Map() }),
  };
}

export function aContext(over: Partial<FeatureContext> = {}): FeatureContext {
  return { device: 'MOBILE', locale: 'de-CH', category: 'shoes', nowMs: NOON, features: {}, personal: null, ...over };
}

export const VISITOR = visitorHash('00112233445566778899aabbccddeeff');

export function placementInputs(over: Partial<PlacementInputs> = {}): PlacementInputs {
  return {
    id: decisionId('019b0000-0000-7000-8000-000000000001'),
    groupId: 'group',
    placement: aPlacement(),
    slots: 3,
    seed: Uint32Array.of(1, 2, 3, 4),
    sticky: false,
    catalogRevision: 5,
    eligibility: { eligible: eligibleBanners(5), rejected: [] },
    fallback: [],
    policy: weightedPolicy(() => 1),
    policyExpected: true,
    context: aContext(),
    visitor: { hash: VISITOR, consentTier: 'PERSONALIZED', profileMissing: false, segmentModelVersion: null },
    ...over,
  };
}

/** A segment model of two coordinates, the first two features as they are. Everybody is placed in the first segment. */
export function aSegmentModel({ version = 4, middles = { 'seg-1': [0.5, -1], 'seg-2': [-2, 3] } } = {}): SegmentPlacer {
  const segments = new Map(Object.entries(middles));
  const [first = 'seg-none'] = segments.keys();
  const middleOf = (id: string): Float64Array | null => {
    const middle = segments.get(id);
    return middle === undefined ? null : Float64Array.from(middle);
  };
  return { modelVersion: version, middleOf, place: (features) => ({ segmentId: first, embedding: features.slice(0, 2) }) };
}

/** Both coordinates of the embedding, as they are. */
export const EMBEDDING_FEATURES: readonly FeatureSpec[] = [0, 1].map((component) => ({
  name: `embedding ${component}`,
  source: { kind: 'embedding', component },
  encoding: { kind: 'numeric', center: 0, scale: 1 },
}));

export const PERSONAL_FEATURES: readonly FeatureSpec[] = [
  { name: 'device', source: { kind: 'context', field: 'device' }, encoding: { kind: 'onehot', values: ['MOBILE', 'DESKTOP'] } },
  { name: 'temperature', source: { kind: 'request', key: 'temperature' }, encoding: { kind: 'numeric', center: 20, scale: 10 } },
  { name: 'tier', source: { kind: 'trait', key: 'tier' }, encoding: { kind: 'onehot', values: ['gold', 'silver'] } },
  { name: 'shoes', source: { kind: 'interest', category: 'shoes' }, encoding: { kind: 'numeric', center: 0, scale: 1 } },
  { name: 'visits', source: { kind: 'behaviour', name: 'visits' }, encoding: { kind: 'numeric', center: 0, scale: 10 } },
  { name: 'segment', source: { kind: 'segment' }, encoding: { kind: 'hash', buckets: 4 } },
];

export function aProfile(over: Partial<Profile> = {}): Profile {
  const nothing = emptyFeatures();
  return {
    id: 'p1',
    userId: null,
    aliases: [],
    traits: { tier: 'gold' },
    traitTimes: { tier: NOON },
    consent: { PERSONALIZATION: { status: 'GRANTED', at: NOON, source: 'spec' } },
    device: null,
    locale: null,
    clientAt: 0,
    features: {
      ...nothing,
      interest: {
        ...nothing.interest,
        categories: [
          { key: 'hats', value: 1, at: NOON },
          { key: 'shoes', value: 3, at: NOON },
        ],
      },
      engagement: { ...nothing.engagement, dwellMs: 5_000 },
      visit: { history: { recent: [], older: { visits: 4, lengthMs: 0, bounces: 0 } }, lastSeenAt: NOON - 86_400_000 },
      purchase: { purchases: 1, monetaryMinor: 1_250, lastPurchaseAt: null },
      exposure: { ...nothing.exposure, campaigns: [{ key: 'camp', at: [NOON - 1_000] }] },
    },
    segment: null,
    version: 1,
    createdAt: NOON,
    updatedAt: NOON,
    ...over,
  };
}
