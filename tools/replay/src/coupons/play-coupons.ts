import { DomainError } from '@vitrine/kernel';
import { mapConcurrent, type Caller } from '../graphql-client';
import { couponBannerId } from './coupon-catalog';
import { couponOrder, type CouponData, type CouponRow } from './coupon-data';
import { evaluateCoupons, type CouponReport, type DecidedRow } from './coupon-estimates';
import type { CouponObserver } from './coupon-observer';
import { personId, type CouponShopper, type ShopperDecision } from './coupon-shopper';
import { FoldTimeline, percentile } from './fold-timeline';

export interface PlayCouponsDeps {
  readonly shopper: CouponShopper;
  readonly observer: CouponObserver;
  readonly publishableKey: string;
  readonly secretKey: string;
  userToken(userId: string): Promise<string>;
  /** Monotonic and wall-clock milliseconds. */
  readonly monotonic: () => number;
  readonly now: () => number;
  pause(ms: number): Promise<void>;
  progress(state: PlayProgress): void;
}

export interface PlayProgress {
  readonly played: number;
  readonly total: number;
  readonly matched: number;
  /** Share of accepted coupons so far: among matches, and in the log. */
  readonly matchedAcceptance: number;
  readonly logAcceptance: number;
}

export interface PlayOutcome {
  readonly report: CouponReport;
  readonly events: { readonly accepted: number; readonly duplicate: number; readonly quarantined: number; readonly lost: number };
  readonly clickToDecisionMs: { readonly p50: number; readonly p99: number; readonly probes: number };
  readonly stateRevision: number;
  readonly degraded: number;
}

/** Rows decided against one state: small enough for more than 200 waits in a run. */
const BLOCK = 60;
const WIDTH = 12;
/** One answer in fifty is sent twice, as a flaky network would. */
const RESEND_EVERY = 50;
/** Nobody answers sooner; the server takes faster clicks for a robot's. */
const REACTION_MS = 60;
const PROBE_PAUSE_MS = 10;
const FOLD_DEADLINE_MS = 30_000;

/**
 * Plays the whole log in one declared order through the public API, in blocks that wait for the fold: every decision of a block sees the
 * same state, so a seed reproduces the same decisions.
 *
 * @throws DomainError when the API refuses a call, or a block is not folded within 30 s
 */
export async function playCoupons(data: CouponData, seed: number, deps: PlayCouponsDeps): Promise<PlayOutcome> {
  return new CouponPlay(data, seed, deps).run();
}

class CouponPlay {
  private readonly timeline = new FoldTimeline();
  private readonly tokens = new Map<number, string>();
  private readonly acknowledged = new Map<string, number>();
  private readonly decided: DecidedRow[] = [];
  private readonly couponOf: ReadonlyMap<string, string>;
  private duplicates = 0;
  private degraded = 0;
  private answers = 0;
  private expectedEntries = 0;
  private matched = 0;
  private acceptedMatches = 0;
  private acceptedLog = 0;

  constructor(
    private readonly data: CouponData,
    private readonly seed: number,
    private readonly deps: PlayCouponsDeps,
  ) {
    this.couponOf = new Map(data.coupons.map((coupon) => [couponBannerId(coupon), coupon]));
  }

  async run(): Promise<PlayOutcome> {
    const order = couponOrder(this.data, this.seed);
    for (let start = 0; start < order.length; start += BLOCK) {
      await this.playBlock(order.slice(start, start + BLOCK));
      this.tell(order.length);
    }
    return this.conclude();
  }

  private async playBlock(rows: readonly CouponRow[]): Promise<void> {
    const strangers = [...new Map(rows.filter((row) => !this.tokens.has(row.person)).map((row) => [row.person, row])).values()];
    await mapConcurrent(strangers, WIDTH, (row) => this.welcome(row));
    const decisions = await mapConcurrent(rows, WIDTH, (row) => this.decide(row));
    const pairs = rows.flatMap((row, index) => {
      const decision = decisions[index];
      return decision === undefined ? [] : [{ row, decision }];
    });
    const matches = pairs.filter(({ row, decision }) => this.note(row, decision));
    if (matches.length > 0) await this.deps.pause(REACTION_MS);
    await mapConcurrent(matches, WIDTH, ({ row, decision }) => this.answer(row, decision));
    if (matches.length > 0) await this.awaitFold(rows);
  }

  private async welcome(row: CouponRow): Promise<void> {
    const token = await this.deps.userToken(personId(row.person));
    this.tokens.set(row.person, token);
    await this.deps.shopper.arrive(this.caller(row), row);
  }

  private caller(row: CouponRow): Caller {
    const userToken = this.tokens.get(row.person);
    return userToken === undefined ? { key: this.deps.publishableKey } : { key: this.deps.publishableKey, userToken };
  }

  private async decide(row: CouponRow): Promise<ShopperDecision> {
    return this.deps.shopper.decide(this.caller(row), row, `coupons-${this.seed}-${row.index}`);
  }

  /** @returns whether the decision equals what the person was really shown */
  private note(row: CouponRow, decision: ShopperDecision): boolean {
    const coupon = decision.bannerId === null ? null : (this.couponOf.get(decision.bannerId) ?? null);
    this.decided.push({ row, decided: coupon });
    if (decision.degraded) this.degraded += 1;
    if (row.supported && row.accepted) this.acceptedLog += 1;
    const match = coupon === row.coupon && decision.token !== null;
    if (match && row.supported) {
      this.matched += 1;
      if (row.accepted) this.acceptedMatches += 1;
    }
    return match;
  }

  private async answer(row: CouponRow, decision: ShopperDecision): Promise<void> {
    if (decision.token === null) return;
    const token = decision.token;
    const send = () =>
      this.deps.shopper.respond(this.caller(row), row, { token, idPrefix: `coupons-${this.seed}-${row.index}`, nowMs: this.deps.now() });
    this.answers += 1;
    const again = this.answers % RESEND_EVERY === 0;
    const results = [...(await send()), ...(again ? await send() : [])];
    const at = this.deps.monotonic();
    for (const { eventId, status, code } of results) {
      if (status === 'DUPLICATE') this.duplicates += 1;
      else if (status !== 'ACCEPTED') throw new DomainError('INTERNAL', `event ${eventId} was refused: ${code ?? 'no code'}`);
      else if (!this.acknowledged.has(eventId)) {
        this.acknowledged.set(eventId, at);
        this.expectedEntries += 1; // an impression is one trial, a click one reward
      }
    }
  }

  private async awaitFold(rows: readonly CouponRow[]): Promise<void> {
    const [row] = rows.filter((candidate) => candidate.supported);
    if (row === undefined) return;
    const deadline = this.deps.monotonic() + FOLD_DEADLINE_MS;
    for (let known = this.timeline.revision, probes = 0; ; probes++) {
      const { stateRevision } = await this.deps.shopper.probe({ key: this.deps.secretKey }, row, `probe-${probes % 50}`);
      this.timeline.note(this.deps.monotonic(), stateRevision ?? 0);
      if (this.timeline.revision > known) {
        const folds = await this.deps.observer.foldsSince(known);
        known = this.timeline.revision;
        if (folds.some((fold) => fold.revision <= known && fold.entries >= this.expectedEntries)) return;
      }
      if (this.deps.monotonic() > deadline) throw new DomainError('INTERNAL', `a block was not folded within ${FOLD_DEADLINE_MS} ms`);
      await this.deps.pause(PROBE_PAUSE_MS);
    }
  }

  private tell(total: number): void {
    const supported = this.decided.filter(({ row }) => row.supported).length;
    this.deps.progress({
      played: this.decided.length,
      total,
      matched: this.matched,
      matchedAcceptance: this.matched === 0 ? 0 : this.acceptedMatches / this.matched,
      logAcceptance: supported === 0 ? 0 : this.acceptedLog / supported,
    });
  }

  private async conclude(): Promise<PlayOutcome> {
    const ids = [...this.acknowledged.keys()];
    const containing = await this.deps.observer.containingRevisions(ids);
    const latencies = ids.flatMap((id) => {
      const revision = containing.get(id);
      const latency = revision === undefined ? null : this.timeline.latency(this.acknowledged.get(id) ?? 0, revision);
      return latency === null ? [] : [latency];
    });
    return {
      report: evaluateCoupons(this.decided),
      events: {
        accepted: ids.length,
        duplicate: this.duplicates,
        quarantined: await this.deps.observer.countQuarantined(),
        lost: ids.length - (await this.deps.observer.countEvents(ids)),
      },
      clickToDecisionMs: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), probes: latencies.length },
      stateRevision: this.timeline.revision,
      degraded: this.degraded,
    };
  }
}
