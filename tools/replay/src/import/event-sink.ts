import { DomainError, ERRORS, isErrorCode } from '@vitrine/kernel';
import { z } from 'zod';

/** What became of one event. */
export interface SinkAnswer {
  readonly status: 'ACCEPTED' | 'DUPLICATE' | 'REJECTED';
  readonly code: string | null;
}

/** Where events go. */
export interface EventSink {
  /**
   * Sends one batch, each event as JSON. Under the same `call` a batch may be sent again: what it had brought is ACCEPTED again.
   *
   * @throws DomainError a retryable one when the batch may be sent again
   */
  send(call: string, events: readonly string[]): Promise<readonly SinkAnswer[]>;
}

export interface HttpSinkOptions {
  /** Address of a gateway. */
  readonly gatewayUrl: string;
  /** A secret key: its caller passes on what many people did. */
  readonly key: string;
}

const REQUEST_DEADLINE_MS = 30_000;

const taken = z.object({
  results: z.array(z.object({ status: z.enum(['ACCEPTED', 'DUPLICATE', 'REJECTED']), code: z.string().nullable() })),
});
const refusal = z.object({
  errors: z
    .array(
      z.object({
        message: z.string(),
        extensions: z.object({ code: z.string(), details: z.object({ retryAfterMs: z.number().optional() }).optional() }),
      }),
    )
    .min(1),
});

/** Sends to `POST /v1/events`, which checks each event for itself. */
export function httpSink({ gatewayUrl, key }: HttpSinkOptions): EventSink {
  const headers = { 'content-type': 'application/json', accept: 'application/json', 'x-vitrine-key': key };
  const away = (cause: unknown) => new DomainError('DEPENDENCY_UNAVAILABLE', `the gateway at ${gatewayUrl} does not answer`, { cause });
  return {
    async send(call, events) {
      const request = { method: 'POST', headers: { ...headers, 'idempotency-key': call }, body: `{"events":[${events.join(',')}]}` };
      let body: unknown;
      try {
        const response = await fetch(`${gatewayUrl}/v1/events`, { ...request, signal: AbortSignal.timeout(REQUEST_DEADLINE_MS) });
        body = await response.json();
      } catch (cause) {
        throw away(cause);
      }
      const answer = taken.safeParse(body);
      if (answer.success && answer.data.results.length === events.length) return answer.data.results;
      throw refusalOf(body) ?? away(undefined);
    },
  };
}

/** What the gateway says; null when somebody else answers in its place. */
function refusalOf(body: unknown): DomainError | null {
  const parsed = refusal.safeParse(body);
  const [first] = parsed.success ? parsed.data.errors : [];
  if (first === undefined) return null;
  const { code, details } = first.extensions;
  const known = isErrorCode(code) ? code : 'INTERNAL';
  const retryAfterMs = details?.retryAfterMs;
  return new DomainError(known, first.message, retryAfterMs === undefined ? {} : { details: { retryAfterMs } });
}

export interface PatienceOptions {
  readonly wait: (ms: number) => Promise<void>;
  /** A clock in milliseconds. */
  readonly now: () => number;
  /** How long one batch is tried before the import gives up. */
  readonly patienceMs: number;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** Tries again what may be tried again: whole batches, and single events that the queue could not take. */
export function patientSink(sink: EventSink, { wait, now, patienceMs }: PatienceOptions): EventSink {
  return {
    async send(call, events) {
      const until = now() + patienceMs;
      const answers = new Map<number, SinkAnswer>();
      let pauseMs = FIRST_PAUSE_MS;
      for (;;) {
        const open = events.flatMap((_, i) => (answers.has(i) ? [] : [i]));
        const outcome = await attempt(sink, call, { events, open });
        for (const [i, answer] of outcome.answers) answers.set(i, answer);
        if (outcome.failure === null) return events.map((_, i) => answers.get(i) ?? { status: 'REJECTED', code: 'INTERNAL' });
        if (now() >= until) throw outcome.failure;
        await wait(Math.max(pauseMs, retryAfterOf(outcome.failure)));
        pauseMs = outcome.answers.size > 0 ? FIRST_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      }
    },
  };
}

interface Open {
  readonly events: readonly string[];
  /** Positions without an answer. */
  readonly open: readonly number[];
}

interface Attempt {
  readonly answers: ReadonlyMap<number, SinkAnswer>;
  /** Why it must be tried again; null when all is answered. */
  readonly failure: DomainError | null;
}

/** @throws DomainError when trying again cannot help */
async function attempt(sink: EventSink, call: string, { events, open }: Open): Promise<Attempt> {
  try {
    const sent = await sink.send(
      call,
      open.map((i) => events[i] ?? ''),
    );
    const answers = new Map<number, SinkAnswer>();
    for (const [at, answer] of sent.entries()) {
      const i = open[at];
      if (i !== undefined && !isPassing(answer)) answers.set(i, answer);
    }
    return { answers, failure: answers.size === open.length ? null : new DomainError('QUEUE_UNAVAILABLE') };
  } catch (error) {
    if (!(error instanceof DomainError) || !(error.entry.retryable || error.code === 'INTERNAL')) throw error;
    return { answers: new Map(), failure: error };
  }
}

function isPassing({ status, code }: SinkAnswer): boolean {
  return status === 'REJECTED' && isErrorCode(code) && ERRORS[code].retryable;
}

function retryAfterOf({ details }: DomainError): number {
  const ms = details['retryAfterMs'];
  return typeof ms === 'number' ? ms : 0;
}
