import { createHash } from 'node:crypto';
import { placementId, visitorHash, type PlacementId, type VisitorHash } from '@vitrine/kernel';
import type { Eligibility, EligibilityRequest, EligibleBanner, Placement } from '@vitrine/catalog';
import type { SealedDecision } from '@vitrine/feedback';
import type { ProfileRead } from '@vitrine/profile';
import { fakeClock } from '@vitrine/testing';
import { DecidePage, type DecidePageDeps } from './application/decide-page';
import type { DecidePageRequest, PageAnswer } from './application/page-answer';
import type { FirstAnswer, Offers, RememberedSegment, SegmentPlacer } from './application/ports';
import type { ServablePolicy } from './domain/servable-policy';
import type { DecisionRecord } from './domain/types';
import { aPlacement, eligibleBanners, NOON, weightedPolicy } from './fixtures';
import { createDecisionKeys } from './store/hmac-decision-keys';

/** The use case on fakes that a spec can read and break. */
export interface PageBench {
  readonly page: DecidePage;
  readonly deps: DecidePageDeps;
  readonly clock: ReturnType<typeof fakeClock>;
  readonly logged: DecisionRecord[];
  readonly sealed: SealedDecision[];
  readonly asked: EligibilityRequest[];
  /** What the memory holds, by visitor hash. */
  readonly remembered: Map<VisitorHash, RememberedSegment>;
  /** The live segment model. */
  model: SegmentPlacer | null;
  profile: ProfileRead;
  policy: ServablePolicy | null;
  settle: (key: string, inputHash: string, answer: PageAnswer) => Promise<FirstAnswer>;
}

export interface BenchOptions {
  readonly eligible?: readonly EligibleBanner[];
  readonly fallback?: readonly EligibleBanner[];
  readonly placements?: readonly Placement[];
  readonly catalogMissing?: boolean;
  readonly over?: Partial<DecidePageDeps>;
}

export function pageBench(options: BenchOptions = {}): PageBench {
  const clock = fakeClock(NOON);
  const bench: Omit<PageBench, 'page' | 'deps'> = {
    clock,
    logged: [],
    sealed: [],
    asked: [],
    remembered: new Map(),
    model: null,
    profile: { status: 'absent' },
    policy: weightedPolicy(() => 1),
    settle: () => Promise.resolve({ status: 'FIRST' }),
  };
  const deps: DecidePageDeps = {
    offers: { current: () => (options.catalogMissing === true ? null : offersOf(options, bench.asked)) },
    policies: { get: () => bench.policy },
    tokens: {
      seal(decision) {
        bench.sealed.push(decision);
        return `token-${bench.sealed.length}`;
      },
    },
    keys: createDecisionKeys(new Uint8Array(32).fill(7), clock),
    firstAnswers: { settle: (key, inputHash, answer) => bench.settle(key, inputHash, answer) },
    log: { append: (records) => void bench.logged.push(...records) },
    clock,
    profiles: { read: () => Promise.resolve(bench.profile) },
    hasher: { hash: (id) => visitorHash(createHash('md5').update(id).digest('hex')) },
    segments: { current: () => bench.model },
    memory: {
      remember: (visitor, known) => void bench.remembered.set(visitor, known),
      recall: (visitor) => bench.remembered.get(visitor)?.segment ?? null,
      forget: (visitor) => void bench.remembered.delete(visitor),
    },
    consentDefault: 'DENIED',
    ...options.over,
  };
  return Object.assign(bench, { page: new DecidePage(deps), deps });
}

/** Two placements over one list of banners; exclusions are the only rule. */
function offersOf(options: BenchOptions, asked: EligibilityRequest[]): Offers {
  const known = options.placements ?? [aPlacement(), aPlacement({ id: placementId('side') })];
  const placements = new Map<PlacementId, Placement>(known.map((placement) => [placement.id, placement]));
  const banners = options.eligible ?? eligibleBanners(6);
  const eligibility = (_id: PlacementId, request: EligibilityRequest): Eligibility => {
    asked.push(request);
    const rejected = banners.filter(({ banner }) => request.excludedBannerIds.has(banner.id));
    return {
      eligible: banners.filter((candidate) => !rejected.includes(candidate)),
      rejected: rejected.map(({ banner }) => ({ bannerId: banner.id, reason: 'EXCLUDED' })),
    };
  };
  return {
    revision: 5,
    placement: (id) => placements.get(id) ?? null,
    hasPolicy: () => true,
    openPage: () => ({ eligibility, fallback: () => options.fallback ?? [] }),
  };
}

export function aRequest(over: Partial<DecidePageRequest> = {}): DecidePageRequest {
  return {
    keyId: 'key',
    userId: null,
    visitorId: null,
    placements: [{ id: placementId('home-hero'), slots: null, excludeBannerIds: [] }],
    context: { device: 'MOBILE', locale: null, url: null, category: null, productId: null, features: {} },
    decisionGroupId: null,
    bot: false,
    ...over,
  };
}

/** The banner ids of every placement that was answered. */
export function bannersOf(answer: PageAnswer): readonly (readonly string[])[] {
  return answer.decisions.map((outcome) => (outcome.ok ? outcome.value.slots.map(({ banner }) => banner.id) : []));
}
