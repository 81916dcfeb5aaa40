import type { DeviceClass } from '@vitrine/catalog';
import { invariant, type Clock, type PlacementId, type VisitorHash, type VisitorId } from '@vitrine/kernel';
import type { Consent, Purpose } from '@vitrine/profile';
import type { CleanEvent, EventIdentity } from '../domain/clean-event';
import type { Cleaning } from '../domain/cleaning/clean';
import { isClickWithoutImpression } from '../domain/cleaning/click-without-impression.rule';
import { duplicateRule, repeatsIn } from '../domain/cleaning/duplicate.rule';
import { countByRule, type RuleCounts } from '../domain/cleaning/rule-counts';
import { tokenForeignRule } from '../domain/cleaning/token-foreign.rule';
import type { FeedbackChunk } from '../domain/feedback-chunk';
import type { RejectedEvent } from '../domain/quarantine-entry';
import { NO_EFFECTS } from '../domain/trial';
import type { ChangeNotice, TokenCodec } from '../domain/types';
import type {
  Announcer,
  CleaningCounter,
  EventStore,
  FaultHooks,
  FeedbackCatalog,
  FoldRequester,
  IdentityResolver,
  LedgerAppender,
  QuarantineStore,
  Tombstones,
  TransactionParticipant,
  TrialStore,
  UnitOfWork,
} from './processing.ports';
import { keepQuarantine } from './quarantine-keeper';
import { TrialKeeper, type Learned } from './trial-keeper';
import { washChunk, type Unclean, type Wash, type Washed } from './wash-chunk';

export interface ProcessFeedbackDependencies<S> {
  readonly unitOfWork: UnitOfWork<S>;
  readonly events: EventStore<S>;
  readonly quarantine: QuarantineStore<S>;
  readonly counts: CleaningCounter<S>;
  readonly cleaning: Cleaning;
  readonly trials: TrialStore<S>;
  readonly tombstones: Tombstones<S>;
  readonly ledger: LedgerAppender<S>;
  readonly identities: IdentityResolver<S>;
  readonly catalog: FeedbackCatalog;
  readonly participants: readonly TransactionParticipant<S>[];
  readonly tokens: TokenCodec;
  readonly hashVisitor: (id: VisitorId) => VisitorHash;
  /** Purposes for which data of the moment `at`, ms, may be used: granted then and now, the deployment's defaults applied. */
  readonly grantedPurposes: (consent: Consent, at: number) => ReadonlySet<Purpose>;
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
  /** Events of people who were erased after them: nothing of these is kept, not even in quarantine. */
  readonly erased: number;
  /** What each rule rejected, mended or noted for the first time. */
  readonly rules: RuleCounts;
}

interface Identified {
  readonly own: readonly CleanEvent[];
  readonly rejected: readonly RejectedEvent[];
}

interface Accounted {
  readonly known: ReadonlyMap<string, number>;
  readonly clean: readonly CleanEvent[];
  readonly rejected: readonly RejectedEvent[];
}

type Account = Pick<ProcessFeedbackOutcome, 'rules' | 'quarantined'>;

/** A chunk with what the rules that need no database made of it. */
interface Parcel extends Wash {
  readonly chunk: FeedbackChunk;
}

/** What is a chunk's own, beside the chunks before it. */
interface Share extends Identified {
  readonly chunk: FeedbackChunk;
  /** Of its events, those that were taken before it, and when. */
  readonly known: ReadonlyMap<string, number>;
}

interface Committed {
  readonly outcomes: readonly ProcessFeedbackOutcome[];
  readonly notices: readonly ChangeNotice[];
}

const NOBODY: ReadonlySet<Purpose> = new Set();
const NO_EVENTS: ReadonlySet<string> = new Set();

function untilOf(buried: ReadonlyMap<VisitorHash, number>, hash: VisitorHash | null): number {
  return (hash === null ? undefined : buried.get(hash)) ?? -Infinity;
}

/**
 * Takes chunks into the database exactly once: events, trials, ledger and whatever participates change in one transaction, keyed by
 * the events' ids, so that running a chunk again, twice at once or half way through a crash changes nothing.
 */
export class ProcessFeedback<S> {
  constructor(private readonly deps: ProcessFeedbackDependencies<S>) {}

  async execute(chunk: FeedbackChunk): Promise<ProcessFeedbackOutcome> {
    const [outcome] = await this.executeAll([chunk]);
    invariant(outcome !== undefined, 'every chunk has an outcome');
    return outcome;
  }

  /** Takes chunks of one partition in one transaction: the same as one after the other, in their order, for much less. */
  async executeAll(chunks: readonly FeedbackChunk[]): Promise<readonly ProcessFeedbackOutcome[]> {
    const { unitOfWork, folds, announce, hooks } = this.deps;
    const parcels = chunks.map((chunk): Parcel => ({ chunk, ...washChunk(chunk, this.deps) }));
    const { outcomes, notices } = await unitOfWork.run((session) => this.commit(session, parcels));
    await hooks?.afterCommit?.();
    notices.forEach(announce);
    // Also when every event was known: the run that stored them may have died before it asked.
    await folds.request(placementsOf(parcels.flatMap(({ washed }) => washed)));
    return outcomes;
  }

  private async commit(session: S, parcels: readonly Parcel[]): Promise<Committed> {
    const { events, participants, hooks } = this.deps;
    const ids = parcels.flatMap(({ washed, unclean }) => [...washed, ...unclean]).map(({ event }) => event.eventId);
    const known = await events.findKnown(session, ids);
    const erased = await this.erasedAmong(session, parcels);
    const isFresh = ({ event }: Washed | Unclean): boolean => !known.has(event.eventId) && !erased.has(event.eventId);
    const fresh = parcels.map((parcel) => ({ ...parcel, washed: parcel.washed.filter(isFresh), unclean: parcel.unclean.filter(isFresh) }));
    const shares = sharesOf(parcels, await this.identify(session, fresh), known);
    const clean = await this.learn(
      session,
      shares.flatMap(({ own }) => own),
    );
    if (clean.length > 0) await events.insert(session, clean);
    const outcomes: ProcessFeedbackOutcome[] = [];
    let taken = 0;
    for (const { chunk, known: before, own, rejected } of shares) {
      const ofChunk = clean.slice(taken, taken + own.length);
      taken += own.length;
      const account = await this.account(session, chunk, { known: before, clean: ofChunk, rejected });
      const gone = chunk.events.filter(({ eventId }) => erased.has(eventId) && !before.has(eventId)).length;
      outcomes.push({ accepted: own.length, duplicates: before.size, erased: gone, ...account });
    }
    const notices: ChangeNotice[] = [];
    for (const participant of clean.length > 0 ? participants : []) notices.push(...(await participant.apply(session, clean)));
    await hooks?.beforeCommit?.();
    return { outcomes, notices };
  }

  /** Keeps what was rejected and counts what the rules did, each once however often the chunk runs. */
  private async account(session: S, chunk: FeedbackChunk, { known, clean, rejected }: Accounted): Promise<Account> {
    const { quarantine, counts, events, cleaning, clock } = this.deps;
    const stored = new Set([...known.keys(), ...clean.map(({ event }) => event.eventId)]);
    const held = await keepQuarantine(quarantine, session, chunk, { rejected, stored, now: clock.now() });
    const { receivedAt: at, partition } = chunk;
    const repeats = cleaning.isOn('duplicate') ? repeatsIn(chunk, known) : [];
    const repeated = repeats.length === 0 ? 0 : await events.markRepeated(session, repeats, at);
    const findings = [...held, ...clean.flatMap(({ notes }) => notes)].map(({ rule }) => rule);
    const rules = countByRule([...findings, ...Array.from({ length: repeated }, () => duplicateRule.name)]);
    if (Object.keys(rules).length > 0) await counts.add(session, { at, partition, rules });
    return { rules, quarantined: held.length };
  }

  /** Finds out who sent the events; a token in the wrong hands rejects its event. @returns per chunk, in order */
  private async identify(session: S, parcels: readonly Parcel[]): Promise<readonly Identified[]> {
    const named = parcels.flatMap(({ washed, unclean }) => [...washed, ...unclean].map(({ event }) => event.visitorId));
    const visitorIds = [...new Set(named)].filter((id) => id !== null);
    const people = visitorIds.length === 0 ? new Map<VisitorId, EventIdentity>() : await this.deps.identities.resolve(session, visitorIds);
    const identityOf = (id: VisitorId | null) => (id === null ? null : (people.get(id) ?? this.stranger(id)));
    return parcels.map((parcel) => this.identifyOne(parcel, identityOf));
  }

  private identifyOne({ chunk, washed, unclean }: Parcel, identityOf: (id: VisitorId | null) => EventIdentity | null): Identified {
    const device = this.deps.deviceOf(chunk.userAgent);
    const { receivedAt, partition, signedIn } = chunk;
    const own: CleanEvent[] = [];
    const foreign: Unclean[] = [];
    for (const { event, sent, decision, notes } of washed) {
      const identity = identityOf(event.visitorId);
      const rejection = tokenForeignRule(decision, identity?.hashes ?? null);
      if (rejection !== null) foreign.push({ event: sent, decision, rejection });
      else {
        const granted = this.grantedBy(identity, event.occurredAt);
        own.push({ event, decision, identity, granted, signedIn, receivedAt, device, partition, effects: NO_EFFECTS, notes });
      }
    }
    const rejected = [...unclean, ...foreign].map(({ event, rejection }): RejectedEvent => {
      const identity = identityOf(event.visitorId);
      return { event, rejection, identity, named: this.grantedBy(identity, event.occurredAt).has('ANALYTICS') };
    });
    return { own, rejected };
  }

  /** Events that somebody erased sent before, and events about decisions that were made for them before. */
  private async erasedAmong(session: S, parcels: readonly Parcel[]): Promise<ReadonlySet<string>> {
    const { tombstones, hashVisitor } = this.deps;
    const traces = parcels.flatMap(({ chunk: { receivedAt }, washed, unclean }) =>
      [...washed, ...unclean].map(({ event, decision }) => {
        return { event, decision, receivedAt, own: event.visitorId === null ? null : hashVisitor(event.visitorId) };
      }),
    );
    const hashes = new Set(traces.flatMap(({ own, decision }) => [own, decision?.visitorHash ?? null]).filter((hash) => hash !== null));
    const buried = hashes.size === 0 ? new Map<VisitorHash, number>() : await tombstones.find(session, [...hashes]);
    if (buried.size === 0) return NO_EVENTS;
    const isErased = ({ event, decision, own, receivedAt }: (typeof traces)[number]): boolean =>
      Math.min(event.occurredAt, receivedAt) <= untilOf(buried, own) ||
      (decision !== null && decision.decidedAt <= untilOf(buried, decision.visitorHash));
    return new Set(traces.filter(isErased).map(({ event }) => event.eventId));
  }

  private grantedBy(identity: EventIdentity | null, at: number): ReadonlySet<Purpose> {
    return identity === null ? NOBODY : this.deps.grantedPurposes(identity.consent, at);
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
    return this.deps.cleaning.isOn('click-without-impression') ? noted(learned) : learned.clean;
  }
}

/** An event that came in two of the chunks is the first one's; to the later ones it is known. */
function sharesOf(parcels: readonly Parcel[], identified: readonly Identified[], stored: ReadonlyMap<string, number>): readonly Share[] {
  const taken = new Map(stored);
  return parcels.map(({ chunk, washed, unclean }, i) => {
    const ids = [...washed, ...unclean].map(({ event }) => event.eventId);
    const known = new Map(ids.flatMap((id) => (taken.has(id) ? [[id, taken.get(id) ?? 0] as const] : [])));
    const isNew = ({ event }: { readonly event: { readonly eventId: string } }): boolean => !known.has(event.eventId);
    const { own, rejected } = identified[i] ?? { own: [], rejected: [] };
    const mine = own.filter(isNew);
    for (const { event } of mine) taken.set(event.eventId, chunk.receivedAt);
    return { chunk, known, own: mine, rejected: rejected.filter(isNew) };
  });
}

/** Marks the clicks on what, as far as is known, was not shown: whether proof is still to come, nobody can say yet. */
function noted({ clean, trials }: Learned): readonly CleanEvent[] {
  const byKey = new Map(trials.map(({ trial }) => [trial.key, trial]));
  return clean.map((event) =>
    isClickWithoutImpression(event, byKey) ? { ...event, notes: [...event.notes, { rule: 'click-without-impression', was: null }] } : event,
  );
}

function placementsOf(washed: readonly Washed[]): readonly PlacementId[] {
  return [...new Set(washed.flatMap(({ decision }) => (decision === null ? [] : [decision.placementId])))];
}
