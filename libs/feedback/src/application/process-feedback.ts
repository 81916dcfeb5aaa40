import type { DeviceClass } from '@vitrine/catalog';
import type { Clock, PlacementId, VisitorHash, VisitorId } from '@vitrine/kernel';
import type { Consent, Purpose } from '@vitrine/profile';
import type { CleanEvent, EventIdentity } from '../domain/clean-event';
import { rejectionOf } from '../domain/cleaning/clean';
import type { Rejection } from '../domain/cleaning/cleaning-rule';
import { tokenForeignRule } from '../domain/cleaning/token-foreign.rule';
import type { FeedbackChunk, QuarantinedEvent } from '../domain/feedback-chunk';
import { NO_EFFECTS } from '../domain/trial';
import type { ChangeNotice, IncomingEvent, SealedDecision, TokenCodec } from '../domain/types';
import type {
  Announcer,
  EventStore,
  FaultHooks,
  FeedbackCatalog,
  FoldRequester,
  IdentityResolver,
  LedgerAppender,
  TransactionParticipant,
  TrialStore,
  UnitOfWork,
} from './processing.ports';
import { TrialKeeper } from './trial-keeper';

export interface ProcessFeedbackDependencies<S> {
  readonly unitOfWork: UnitOfWork<S>;
  readonly events: EventStore<S>;
  readonly trials: TrialStore<S>;
  readonly ledger: LedgerAppender<S>;
  readonly identities: IdentityResolver<S>;
  readonly catalog: FeedbackCatalog;
  readonly participants: readonly TransactionParticipant<S>[];
  readonly tokens: TokenCodec;
  readonly hashVisitor: (id: VisitorId) => VisitorHash;
  /** Purposes a person granted, the deployment's defaults applied. */
  readonly grantedPurposes: (consent: Consent) => ReadonlySet<Purpose>;
  readonly deviceOf: (userAgent: string | null) => DeviceClass;
  readonly folds: FoldRequester;
  readonly announce: Announcer;
  readonly clock: Clock;
  readonly hooks?: FaultHooks;
}

export interface ProcessFeedbackOutcome {
  readonly accepted: number;
  readonly duplicates: number;
  readonly quarantined: number;
}

/** An event that passed the rules that need no database. */
interface Washed {
  readonly event: IncomingEvent;
  readonly decision: SealedDecision | null;
}

interface Committed {
  readonly outcome: ProcessFeedbackOutcome;
  readonly notices: readonly ChangeNotice[];
}

const NOBODY: ReadonlySet<Purpose> = new Set();

/**
 * Takes one chunk into the database exactly once: events, trials, ledger and whatever participates change in one transaction, keyed by
 * the events' ids, so that running a chunk again, twice at once or half way through a crash changes nothing.
 */
export class ProcessFeedback<S> {
  constructor(private readonly deps: ProcessFeedbackDependencies<S>) {}

  async execute(chunk: FeedbackChunk): Promise<ProcessFeedbackOutcome> {
    const { unitOfWork, folds, announce, hooks } = this.deps;
    const { washed, rejected } = this.wash(chunk);
    const { outcome, notices } = await unitOfWork.run((session) => this.commit(session, chunk, washed, rejected));
    await hooks?.afterCommit?.();
    notices.forEach(announce);
    // Also when every event was known: the run that stored them may have died before it asked.
    await folds.request(placementsOf(washed));
    return outcome;
  }

  private wash(chunk: FeedbackChunk): { readonly washed: readonly Washed[]; readonly rejected: readonly QuarantinedEvent[] } {
    const { receivedAt, userAgent } = chunk;
    const washed: Washed[] = [];
    const rejected: QuarantinedEvent[] = [...chunk.refused];
    for (const event of uniqueById(chunk.events)) {
      const opened = event.token === null ? null : this.deps.tokens.open(event.token, receivedAt);
      if (opened !== null && !opened.ok) {
        rejected.push(quarantined(event, { rule: 'token', code: opened.error }, receivedAt));
        continue;
      }
      const decision = opened?.value ?? null;
      const rejection = rejectionOf({ event, decision, receivedAt, userAgent });
      if (rejection === null) washed.push({ event, decision });
      else rejected.push(quarantined(event, rejection, receivedAt));
    }
    return { washed, rejected };
  }

  private async commit(
    session: S,
    chunk: FeedbackChunk,
    washed: readonly Washed[],
    rejected: readonly QuarantinedEvent[],
  ): Promise<Committed> {
    const { events, participants, hooks } = this.deps;
    const known = await events.findKnown(
      session,
      washed.map(({ event }) => event.eventId),
    );
    const fresh = washed.filter(({ event }) => !known.has(event.eventId));
    const { own, foreign } = await this.identify(session, chunk, fresh);
    const quarantine = [...rejected, ...foreign];
    const clean = await this.learn(session, own);
    if (clean.length > 0) await events.insert(session, clean);
    if (quarantine.length > 0) await events.quarantine(session, quarantine);
    const notices: ChangeNotice[] = [];
    for (const participant of clean.length > 0 ? participants : []) notices.push(...(await participant.apply(session, clean)));
    await hooks?.beforeCommit?.();
    return { outcome: { accepted: clean.length, duplicates: known.size, quarantined: quarantine.length }, notices };
  }

  /** Finds out who sent the events; a token in the wrong hands rejects its event. */
  private async identify(
    session: S,
    chunk: FeedbackChunk,
    fresh: readonly Washed[],
  ): Promise<{ readonly own: readonly CleanEvent[]; readonly foreign: readonly QuarantinedEvent[] }> {
    const visitorIds = [...new Set(fresh.flatMap(({ event }) => (event.visitorId === null ? [] : [event.visitorId])))];
    const people = visitorIds.length === 0 ? new Map<VisitorId, EventIdentity>() : await this.deps.identities.resolve(session, visitorIds);
    const device = this.deps.deviceOf(chunk.userAgent);
    const own: CleanEvent[] = [];
    const foreign: QuarantinedEvent[] = [];
    for (const { event, decision } of fresh) {
      const identity = event.visitorId === null ? null : (people.get(event.visitorId) ?? this.stranger(event.visitorId));
      const rejection = tokenForeignRule(decision, identity?.hashes ?? null);
      if (rejection !== null) {
        foreign.push(quarantined(event, rejection, chunk.receivedAt));
        continue;
      }
      const granted = identity === null ? NOBODY : this.deps.grantedPurposes(identity.consent);
      const { receivedAt, partition, signedIn } = chunk;
      own.push({ event, decision, identity, granted, signedIn, receivedAt, device, partition, effects: NO_EFFECTS });
    }
    return { own, foreign };
  }

  private stranger(visitorId: VisitorId): EventIdentity {
    return { profileId: null, consent: {}, hashes: [this.deps.hashVisitor(visitorId)] };
  }

  /** Takes the events into their trials and appends to the ledger what they changed. */
  private async learn(session: S, clean: readonly CleanEvent[]): Promise<readonly CleanEvent[]> {
    const { trials, ledger, catalog, clock } = this.deps;
    const keeper = new TrialKeeper(catalog);
    const stored = await trials.find(session, keeper.keysOf(clean));
    const learned = await keeper.take(clean, stored);
    if (learned.trials.length > 0) await trials.save(session, learned.trials);
    const createdAt = clock.now();
    const batches = [...learned.entries].map(([placementId, entries]) => ({ placementId, entries, createdAt }));
    if (batches.length > 0) await ledger.append(session, batches);
    return learned.clean;
  }
}

/** The same event twice in one chunk is one event; the queue's payload could hold that only after a fault. */
function uniqueById(events: readonly IncomingEvent[]): readonly IncomingEvent[] {
  const first = new Map<string, IncomingEvent>();
  for (const event of events) if (!first.has(event.eventId)) first.set(event.eventId, event);
  return [...first.values()];
}

function quarantined(event: IncomingEvent, { rule, code }: Rejection, at: number): QuarantinedEvent {
  return { eventId: event.eventId, rule, code, type: event.type, at };
}

function placementsOf(washed: readonly Washed[]): readonly PlacementId[] {
  return [...new Set(washed.flatMap(({ decision }) => (decision === null ? [] : [decision.placementId])))];
}
