import { DomainError } from '@vitrine/kernel';

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 100;

export interface EventuallyOptions {
  /** How long the condition may take to come true. */
  readonly deadlineMs?: number;
  /** What is being waited for, for the message of a failure. */
  readonly what: string;
  /** What else a failure should tell, such as the log of a process. */
  readonly explain?: () => string;
}

type NotYet<T> = T | null | undefined | false;

/**
 * Polls until `condition` gives something other than `false`, `null` or `undefined`, and returns it; a condition that throws counts
 * as "not yet" and its error becomes the cause of the failure. Tests wait with this, never with a sleep.
 *
 * @throws DomainError INTERNAL when the deadline passes
 */
export async function eventually<T>(
  condition: () => NotYet<T> | Promise<NotYet<T>>,
  { deadlineMs = 30_000, what, explain = () => '' }: EventuallyOptions,
): Promise<T> {
  const start = performance.now();
  let cause: unknown;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5)) {
    try {
      const value = await condition();
      if (value !== false && value !== null && value !== undefined) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    const leftMs = deadlineMs - (performance.now() - start);
    if (leftMs <= 0) break;
    await new Promise((resolve) => setTimeout(resolve, Math.min(pauseMs, leftMs)));
  }
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  throw new DomainError('INTERNAL', `waited ${deadlineMs} ms in vain for ${what}${why}${explain()}`, { cause });
}
