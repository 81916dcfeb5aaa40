import type { Logger } from '@vitrine/platform';
import type { Redis } from 'ioredis';
import type { FirstAnswer, FirstAnswerStore } from '../application/ports';
import type { PageAnswer } from '../application/page-answer';
import { encodeStoredAnswer, parseStoredAnswer } from './stored-answer';

/** How long a retry gets the same answer. */
export const FIRST_ANSWER_TTL_MS = 600_000;
/** A shopper who asked for idempotence waits no longer than this for the memory of an answer; usually it takes one. */
export const FIRST_ANSWER_DEADLINE_MS = 100;

export interface RedisFirstAnswerOptions {
  readonly redis: Redis;
  readonly logger: Logger;
  /** Put before every key. */
  readonly keyPrefix: string;
  readonly ttlMs?: number;
  readonly deadlineMs?: number;
}

const UNAVAILABLE: FirstAnswer = { status: 'UNAVAILABLE' };

/** First answers in Redis: one pipeline sets the answer unless there is one, and reads what is there then. */
export class RedisFirstAnswerStore implements FirstAnswerStore {
  constructor(private readonly options: RedisFirstAnswerOptions) {}

  async settle(key: string, inputHash: string, answer: PageAnswer): Promise<FirstAnswer> {
    if (this.options.redis.status !== 'ready') return UNAVAILABLE;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<FirstAnswer>((resolve) => {
      timer = setTimeout(() => resolve(UNAVAILABLE), this.options.deadlineMs ?? FIRST_ANSWER_DEADLINE_MS);
    });
    try {
      return await Promise.race([this.exchange(key, inputHash, answer), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async exchange(key: string, inputHash: string, answer: PageAnswer): Promise<FirstAnswer> {
    const { redis, keyPrefix, logger } = this.options;
    const name = `${keyPrefix}first-answer:${key}`;
    try {
      const replies = await redis
        .pipeline()
        .set(name, encodeStoredAnswer({ inputHash, answer }), 'PX', this.options.ttlMs ?? FIRST_ANSWER_TTL_MS, 'NX')
        .get(name)
        .exec();
      const [set, got] = replies ?? [];
      // An error reply has no value, so it is neither OK nor a text.
      return set?.[1] === 'OK' ? { status: 'FIRST' } : judge(got?.[1], inputHash);
    } catch (error) {
      logger.debug({ err: error }, 'the first answer could not be kept');
      return UNAVAILABLE;
    }
  }
}

function judge(text: unknown, inputHash: string): FirstAnswer {
  const stored = typeof text === 'string' ? parseStoredAnswer(text) : null;
  if (stored === null) return UNAVAILABLE;
  return stored.inputHash === inputHash ? { status: 'REPEATED', answer: stored.answer } : { status: 'CONFLICT' };
}
