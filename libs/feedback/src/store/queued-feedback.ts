import type { Redis } from 'ioredis';
import { visitorId as toVisitorId, type VisitorHash, type VisitorId } from '@vitrine/kernel';
import { feedbackQueueName, payloadsOf, rewriteJobs, type RewrittenJob } from '@vitrine/platform';
import type { PersonalData } from '@vitrine/profile';
import type { FeedbackChunk } from '../domain/feedback-chunk';
import type { IncomingEvent, TokenCodec } from '../domain/types';
import { parseFeedbackChunk } from '../schema/feedback-chunk.schema';

export interface QueuedFeedbackDeps {
  readonly redis: Redis;
  readonly partitions: number;
  readonly hashVisitor: (id: VisitorId) => VisitorHash;
  readonly tokens: TokenCodec;
}

type Belongs = (event: IncomingEvent, receivedAt: number) => boolean;

/** Where feedback holds data of people on their way: the jobs of its queues, those that failed for good included. */
export function queuedFeedback(deps: QueuedFeedbackDeps): PersonalData {
  const queues = Array.from({ length: deps.partitions }, (_, partition) => feedbackQueueName(partition));
  return {
    name: 'queued events',
    async read({ hashes }) {
      const belongs = belongsTo(hashes, deps);
      const found: IncomingEvent[] = [];
      for (const queue of queues) {
        for await (const data of payloadsOf(deps.redis, queue)) {
          const chunk = parseFeedbackChunk(data);
          if (chunk.ok) found.push(...chunk.value.events.filter((event) => belongs(event, chunk.value.receivedAt)));
        }
      }
      return found;
    },
    async erase({ hashes, visitorIds, until }) {
      const belongs = belongsTo(hashes, deps);
      const isOwnId = isIdOf(hashes, deps);
      let removed = 0;
      for (const queue of queues) {
        removed += await rewriteJobs(deps.redis, queue, (data) => {
          const chunk = parseFeedbackChunk(data);
          if (!chunk.ok) return withoutUnreadable(data, (text) => visitorIds.some((id) => text.includes(id)) || isOwnId(text));
          return chunk.value.receivedAt <= until ? withoutEvents(chunk.value, belongs) : null;
        });
      }
      return { removed };
    },
  };
}

/** An event is the person's when it names one of their ids, or carries a token that was given to one. */
function belongsTo(hashes: readonly VisitorHash[], { hashVisitor, tokens }: QueuedFeedbackDeps): Belongs {
  const own = new Set<VisitorHash>(hashes);
  return ({ visitorId, token }, receivedAt) => {
    if (visitorId !== null && own.has(hashVisitor(toVisitorId(visitorId)))) return true;
    const opened = token === null ? null : tokens.open(token, receivedAt);
    return opened?.ok === true && own.has(opened.value.visitorHash);
  };
}

function withoutEvents(chunk: FeedbackChunk, belongs: Belongs): RewrittenJob | null {
  const gone = new Set(chunk.events.filter((event) => belongs(event, chunk.receivedAt)).map(({ eventId }) => eventId));
  if (gone.size === 0) return null;
  const stays = ({ eventId }: { readonly eventId: string }): boolean => !gone.has(eventId);
  const { repeated, redriven } = chunk;
  const events = chunk.events.filter(stays);
  const data = {
    ...chunk,
    events,
    ...(repeated === undefined ? {} : { repeated: repeated.filter((eventId) => !gone.has(eventId)) }),
    ...(redriven === undefined ? {} : { redriven: redriven.filter(stays) }),
  };
  return { data, removed: gone.size, empty: events.length === 0 && chunk.refused.length === 0 };
}

/** Whether a text is one of the person's ids, as far as it can be one at all. */
function isIdOf(hashes: readonly VisitorHash[], { hashVisitor }: QueuedFeedbackDeps): (text: string) => boolean {
  const own = new Set<VisitorHash>(hashes);
  return (text) => {
    try {
      return own.has(hashVisitor(toVisitorId(text)));
    } catch {
      return false; // nobody can be called so
    }
  };
}

/** A payload that nobody can read, and that failed for it, goes when a text in it names the person. */
function withoutUnreadable(data: unknown, names: (text: string) => boolean): RewrittenJob | null {
  return textsIn(data).some(names) ? { data: { erased: true }, removed: 1, empty: true } : null;
}

function textsIn(data: unknown): readonly string[] {
  if (typeof data === 'string') return [data];
  return typeof data === 'object' && data !== null ? Object.values(data).flatMap(textsIn) : [];
}
