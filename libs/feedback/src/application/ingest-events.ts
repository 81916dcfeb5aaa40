import { murmur3, type ErrorCode, type VisitorId } from '@vitrine/kernel';
import type { Cleaning } from '../domain/cleaning/clean';
import { isSkewed } from '../domain/cleaning/clock-skew.rule';
import { MAX_CHUNK_EVENTS, type FeedbackChunk, type QuarantinedEvent } from '../domain/feedback-chunk';
import { partitionOf } from '../domain/partition';
import type { EventOutcome, IncomingEvent, TokenCodec } from '../domain/types';
import { eventIdOf, parseIncomingEvent } from '../schema/incoming-event.schema';
import type { DuplicateMemory, FeedbackQueue } from './ingest.ports';

export interface IngestRequest {
  /** Of any shape: each one is checked and answered for itself. */
  readonly events: readonly unknown[];
  readonly receivedAt: number;
  readonly userAgent: string | null;
  /** Whether the shop's own people send them; absent for shoppers. */
  readonly internal?: boolean;
  /** The person a user token vouches for; overrules what the events say. */
  readonly authenticatedVisitorId?: VisitorId | null;
  /** The sender's name for this call: under it, what the call brought before is answered ACCEPTED again, for its first answer may be lost. */
  readonly call?: string | null;
}

export interface IngestDependencies {
  readonly queue: FeedbackQueue;
  readonly memory: DuplicateMemory;
  readonly tokens: TokenCodec;
  readonly partitions: number;
  readonly cleaning: Pick<Cleaning, 'isOn'>;
}

type Verdict =
  { readonly status: 'TAKE'; readonly event: IncomingEvent } | { readonly status: 'REFUSE'; readonly refused: QuarantinedEvent };

const MAX_USER_AGENT_CHARS = 512;

/** Takes events at the edge: each is checked without a database, then handed to the queue of its visitor's partition. */
export class IngestEvents {
  constructor(private readonly deps: IngestDependencies) {}

  /** One outcome per event, in order. ACCEPTED means that the queue holds it; nothing waits longer than the queue's own deadline. */
  async execute(request: IngestRequest): Promise<readonly EventOutcome[]> {
    const verdicts = request.events.map((raw) => this.judge(raw, request));
    const fresh = new Map<string, IncomingEvent>();
    const twice: IncomingEvent[] = [];
    for (const verdict of verdicts) {
      if (verdict.status !== 'TAKE') continue;
      if (fresh.has(verdict.event.eventId)) twice.push(verdict.event);
      else fresh.set(verdict.event.eventId, verdict.event);
    }
    const { known, own } = await this.takenBefore([...fresh.keys()], request.call ?? '');
    const again = [...twice, ...[...fresh.values()].filter(({ eventId }) => known.has(eventId))];
    const repeated = this.deps.cleaning.isOn('duplicate') ? again.filter(({ eventId }) => !own.has(eventId)) : [];
    for (const eventId of [...known, ...own]) fresh.delete(eventId);
    const refused = verdicts.flatMap((verdict) => (verdict.status === 'REFUSE' ? [verdict.refused] : []));
    const taken = await this.enqueue({ events: [...fresh.values()], refused, repeated }, request);
    if (taken.size > 0) await this.deps.memory.remember([...taken], request.call ?? '').catch(() => undefined);
    return outcomesOf(verdicts, known, new Set([...taken, ...own]));
  }

  /** What other calls brought, and what this very call did when it was made before. */
  private async takenBefore(
    eventIds: readonly string[],
    call: string,
  ): Promise<{ readonly known: ReadonlySet<string>; readonly own: ReadonlySet<string> }> {
    const before = await this.deps.memory.known(eventIds).catch(() => new Map<string, string>());
    const own = new Set(call === '' ? [] : eventIds.filter((id) => before.get(id) === call));
    return { known: new Set([...before.keys()].filter((id) => !own.has(id))), own };
  }

  private judge(raw: unknown, { receivedAt, authenticatedVisitorId }: IngestRequest): Verdict {
    const parsed = parseIncomingEvent(raw);
    if (!parsed.ok) {
      return { status: 'REFUSE', refused: { eventId: eventIdOf(raw), rule: 'schema', code: parsed.error, type: null, at: receivedAt } };
    }
    const event = { ...parsed.value, visitorId: authenticatedVisitorId ?? parsed.value.visitorId };
    const refusal = this.refusalOf(event, receivedAt);
    if (refusal === null) return { status: 'TAKE', event };
    return { status: 'REFUSE', refused: { eventId: event.eventId, ...refusal, type: event.type, at: receivedAt } };
  }

  private refusalOf(event: IncomingEvent, receivedAt: number): { readonly rule: string; readonly code: ErrorCode } | null {
    if (this.deps.cleaning.isOn('clock-skew') && isSkewed(event.occurredAt, receivedAt)) return { rule: 'clock-skew', code: 'CLOCK_SKEW' };
    if (event.token === null) return null;
    const opened = this.deps.tokens.open(event.token, receivedAt);
    return opened.ok ? null : { rule: 'token', code: opened.error };
  }

  /** @returns the ids that the queue took. What is refused or repeated rides along as a note; losing it loses nothing. */
  private async enqueue(
    load: Load,
    { receivedAt, userAgent, internal, authenticatedVisitorId }: IngestRequest,
  ): Promise<ReadonlySet<string>> {
    const { partitions, queue } = this.deps;
    const signedIn = (authenticatedVisitorId ?? null) !== null;
    const sender = internal === true ? { signedIn, internal } : { signedIn };
    const shared = { receivedAt, userAgent: userAgent?.slice(0, MAX_USER_AGENT_CHARS) ?? null, ...sender };
    const chunks = chunksOf(load, partitions).map((chunk): FeedbackChunk => ({ ...chunk, ...shared }));
    const settled = await Promise.allSettled(chunks.map((chunk) => queue.add(chunk.partition, chunk)));
    const taken = new Set<string>();
    for (const [i, { status }] of settled.entries()) {
      if (status === 'fulfilled') for (const { eventId } of chunks[i]?.events ?? []) taken.add(eventId);
    }
    return taken;
  }
}

interface Load {
  readonly events: readonly IncomingEvent[];
  readonly refused: readonly QuarantinedEvent[];
  /** Taken before, or twice in this call: only their ids travel, behind the event itself. */
  readonly repeated: readonly IncomingEvent[];
}

interface Parcel {
  readonly partition: number;
  readonly events: IncomingEvent[];
  readonly refused: QuarantinedEvent[];
  readonly repeated: string[];
}

function chunksOf({ events, refused, repeated }: Load, partitions: number): readonly Parcel[] {
  const parcels: Parcel[] = [];
  const open = new Map<number, Parcel>();
  const parcelOf = (partition: number): Parcel => {
    const held = open.get(partition);
    if (held !== undefined && held.events.length + held.refused.length + held.repeated.length < MAX_CHUNK_EVENTS) return held;
    const parcel: Parcel = { partition, events: [], refused: [], repeated: [] };
    open.set(partition, parcel);
    parcels.push(parcel);
    return parcel;
  };
  for (const event of events) parcelOf(partitionOf(event, partitions)).events.push(event);
  for (const event of refused) parcelOf(murmur3(event.eventId) % partitions).refused.push(event);
  for (const event of repeated) parcelOf(partitionOf(event, partitions)).repeated.push(event.eventId);
  return parcels;
}

/** A second event with an id of the same call shares the fate of the first: a duplicate of what was taken, rejected with what was not. */
function outcomesOf(verdicts: readonly Verdict[], known: ReadonlySet<string>, taken: ReadonlySet<string>): readonly EventOutcome[] {
  const answered = new Set<string>();
  return verdicts.map((verdict): EventOutcome => {
    if (verdict.status === 'REFUSE') return { eventId: verdict.refused.eventId, status: 'REJECTED', code: verdict.refused.code };
    const { eventId } = verdict.event;
    if (known.has(eventId) || (taken.has(eventId) && answered.has(eventId))) return { eventId, status: 'DUPLICATE', code: null };
    answered.add(eventId);
    return taken.has(eventId) ? { eventId, status: 'ACCEPTED', code: null } : { eventId, status: 'REJECTED', code: 'QUEUE_UNAVAILABLE' };
  });
}
