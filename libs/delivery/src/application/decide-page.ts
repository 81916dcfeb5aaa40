import { DomainError, policyVersionId, visitorId, type Clock, type DecisionId, type VisitorId } from '@vitrine/kernel';
import type { TokenCodec } from '@vitrine/feedback';
import { clickUrl } from '../domain/click-url';
import { decidePlacement, type PlacementChoice, type PlacementInputs } from '../domain/decide-placement';
import type { FeatureContext } from '../domain/feature-source';
import { pacingDraw } from '../domain/pacing-draw';
import { PageBanners } from '../domain/page-eligibility';
import type { ServablePolicy } from '../domain/servable-policy';
import { stickyPeriod } from '../domain/sticky';
import type { DecisionRecord } from '../domain/types';
import type { DecidePageRequest, PageAnswer, PlacementAnswer, PlacementFailure, PlacementOutcome, PlacementRequest } from './page-answer';
import { canonicalInput } from './page-input';
import type { DecisionKeys, DecisionLog, FirstAnswerStore, OfferPage, Offers, OfferSource, ServingPolicies } from './ports';
import { readVisitor, type VisitorSnapshot, type VisitorSnapshotDeps } from './visitor-snapshot';

export interface DecidePageDeps extends VisitorSnapshotDeps {
  readonly offers: OfferSource;
  readonly policies: ServingPolicies;
  readonly tokens: Pick<TokenCodec, 'seal'>;
  readonly keys: DecisionKeys;
  readonly firstAnswers: FirstAnswerStore;
  readonly log: DecisionLog;
  readonly clock: Clock;
}

/** What all placements of one query share. */
interface Page {
  readonly request: DecidePageRequest;
  readonly nowMs: number;
  readonly visitor: VisitorSnapshot;
  readonly groupId: string;
  /** What records carry: a client's own group id may name its visitor, so theirs is a keyed hash of it (D7). */
  readonly recordedGroupId: string;
  readonly banners: PageBanners;
  readonly context: FeatureContext;
  idOf(placement: PlacementRequest, index: number): DecisionId;
}

/** One catalogue revision for the whole page. */
interface Desk {
  readonly offers: Offers;
  readonly page: OfferPage;
}

interface SeedAsked {
  readonly id: DecisionId;
  readonly asked: PlacementRequest;
  /** Of the placement in the request. */
  readonly index: number;
  readonly policy: ServablePolicy | null;
}

interface Decided {
  readonly outcome: PlacementOutcome;
  readonly record: DecisionRecord | null;
}

/** Stands in tokens of requests that name nobody. */
const NOBODY = visitorId('-');
/** Version number in the tokens of a placement without a policy: versions count from 1, so that no trial is folded from it. */
const NO_POLICY = 0;

/** Answers one request: all its placements, in order, never the same banner twice. */
export class DecidePage {
  constructor(private readonly deps: DecidePageDeps) {}

  /**
   * Placements that cannot be answered carry a code: UNKNOWN_PLACEMENT, FEATURE_VALUE_INVALID, or DEPENDENCY_UNAVAILABLE before the
   * catalogue was read for the first time.
   *
   * @throws DomainError DECISION_GROUP_CONFLICT when the client's group id was answered for another input
   */
  async execute(request: DecidePageRequest): Promise<PageAnswer> {
    const person = request.userId ?? request.visitorId;
    const page = await this.openPage(request, person);
    const decided = this.decideAll(page);
    const answer: PageAnswer = { decisionGroupId: page.groupId, decisions: decided.map(({ outcome }) => outcome) };
    const records = decided.flatMap(({ record }) => record ?? []);
    if (request.decisionGroupId === null) {
      this.append(request, records);
      return answer;
    }
    return this.settle(request, person, { answer, records });
  }

  private async openPage(request: DecidePageRequest, person: VisitorId | null): Promise<Page> {
    const { keys, clock } = this.deps;
    const nowMs = clock.now();
    const visitor = await readVisitor(this.deps, person, NOBODY, nowMs);
    const { device, locale, category, features } = request.context;
    const client = request.decisionGroupId === null ? null : [request.keyId, person ?? '', request.decisionGroupId];
    const groupId = request.decisionGroupId ?? keys.freshId();
    return {
      request,
      nowMs,
      visitor,
      groupId,
      recordedGroupId: client === null ? groupId : keys.derivedId(['group', ...client]),
      banners: new PageBanners(),
      context: { device, locale, category, nowMs, features, personal: visitor.personal },
      idOf: (placement, index) =>
        client === null
          ? keys.freshId()
          : keys.derivedId(['decision', ...client, placement.id, String(occurrence(request, placement, index))]),
    };
  }

  private decideAll(page: Page): readonly Decided[] {
    const { placements } = page.request;
    const offers = this.deps.offers.current();
    if (offers === null) return placements.map(({ id }) => failed({ code: 'DEPENDENCY_UNAVAILABLE', placementId: id, feature: null }));
    const desk: Desk = { offers, page: offers.openPage() };
    return placements.map((placement, index) => this.decideOne(page, desk, placement, index));
  }

  private decideOne(page: Page, desk: Desk, asked: PlacementRequest, index: number): Decided {
    try {
      const choice = this.choose(page, desk, asked, index);
      if (choice === null) return failed({ code: 'UNKNOWN_PLACEMENT', placementId: asked.id, feature: null });
      page.banners.add(choice.shown);
      return { outcome: { ok: true, value: this.answer(page, choice) }, record: choice.record };
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'FEATURE_VALUE_INVALID') throw error;
      return failed({ code: error.code, placementId: asked.id, feature: String(error.details['feature'] ?? '') });
    }
  }

  private choose(page: Page, desk: Desk, asked: PlacementRequest, index: number): PlacementChoice | null {
    const { offers } = desk;
    const placement = offers.placement(asked.id);
    if (placement === null) return null;
    const { visitor, context, banners, request } = page;
    const id = page.idOf(asked, index);
    const policy = this.deps.policies.get(placement.id);
    const { seed, sticky } = this.seedOf(page, { id, asked, index, policy });
    const eligibility = desk.page.eligibility(placement.id, {
      nowMs: page.nowMs,
      device: context.device,
      locale: context.locale,
      context: request.context,
      features: context.features,
      traits: visitor.personal?.traits ?? {},
      segment: visitor.personal?.segmentId ?? null,
      exposures: (campaignId, windowMs) => visitor.exposures(campaignId, windowMs),
      pacingDraw: (campaignId) => pacingDraw(seed, campaignId),
      excludedBannerIds: banners.excluding(asked.excludeBannerIds),
    });
    const nothing = eligibility.eligible.length === 0;
    return decidePlacement({
      id,
      groupId: page.recordedGroupId,
      placement,
      slots: asked.slots ?? placement.slots,
      seed,
      sticky,
      catalogRevision: offers.revision,
      eligibility: banners.explain(eligibility, asked.excludeBannerIds),
      fallback: nothing ? banners.without(desk.page.fallback(placement.id, context.device, context.locale), asked.excludeBannerIds) : [],
      policy,
      policyExpected: offers.hasPolicy(placement.id),
      context,
      visitor,
    });
  }

  /**
   * A sticky draw belongs to visitor, placement and period (pacing included, which reads the same seed); the second asking for one placement
   * on a page draws for itself, or what it may show would hang on its own draw.
   */
  private seedOf({ visitor, nowMs, request }: Page, { id, asked, index, policy }: SeedAsked): Pick<PlacementInputs, 'seed' | 'sticky'> {
    const { keys } = this.deps;
    const period = policy === null ? null : stickyPeriod(policy.version.policy.sticky, visitor, nowMs);
    if (period === null) return { seed: keys.seed(id), sticky: false };
    const parts = [visitor.hash ?? '', asked.id, String(occurrence(request, asked, index)), String(period)];
    return { seed: keys.derivedSeed(['sticky', ...parts]), sticky: true };
  }

  private answer({ visitor }: Page, { record, shown }: PlacementChoice): PlacementAnswer {
    return {
      decisionId: record.id,
      placementId: record.placementId,
      layer: record.layer,
      degraded: record.degraded,
      stateRevision: record.stateRevision,
      slots: shown.map(({ banner, creative }, position) => ({
        position,
        banner,
        creative,
        clickUrl: clickUrl(banner.landingUrl, record.id, position),
        token: this.deps.tokens.seal({
          decisionId: record.id,
          placementId: record.placementId,
          slot: position,
          bannerId: banner.id,
          layer: record.layer,
          propensity: record.slots[position]?.propensity ?? 1,
          policyVersionId: record.policyVersionId ?? policyVersionId(record.placementId, NO_POLICY),
          stateRevision: record.stateRevision,
          catalogRevision: record.catalogRevision,
          visitorHash: visitor.tokenHash,
          decidedAt: record.decidedAt,
          context: { steps: record.steps },
        }),
      })),
    };
  }

  /** Only requests that bring their own group id come here and pay for a round trip. */
  private async settle(
    request: DecidePageRequest,
    person: VisitorId | null,
    { answer, records }: { readonly answer: PageAnswer; readonly records: readonly DecisionRecord[] },
  ): Promise<PageAnswer> {
    const { keys, firstAnswers } = this.deps;
    const key = keys.digest(['answer', request.keyId, person ?? '', answer.decisionGroupId]);
    const first = await firstAnswers.settle(key, keys.digest(['input', canonicalInput(request)]), answer);
    if (first.status === 'CONFLICT') throw new DomainError('DECISION_GROUP_CONFLICT');
    if (first.status === 'REPEATED') return first.answer;
    if (first.status === 'FIRST') {
      this.append(request, records);
      return answer;
    }
    this.append(
      request,
      records.map((record) => ({ ...record, degraded: true })),
    );
    return { ...answer, decisions: answer.decisions.map(asDegraded) };
  }

  private append(request: DecidePageRequest, records: readonly DecisionRecord[]): void {
    if (!request.bot && records.length > 0) this.deps.log.append(records);
  }
}

function failed(error: PlacementFailure): Decided {
  return { outcome: { ok: false, error }, record: null };
}

function asDegraded(outcome: PlacementOutcome): PlacementOutcome {
  return outcome.ok ? { ok: true, value: { ...outcome.value, degraded: true } } : outcome;
}

/** How many times the same placement was asked for before this one: their decisions must differ. */
function occurrence({ placements }: DecidePageRequest, { id }: PlacementRequest, index: number): number {
  return placements.slice(0, index).filter((other) => other.id === id).length;
}
