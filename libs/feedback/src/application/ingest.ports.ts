import type { FeedbackChunk } from '../domain/feedback-chunk';

export interface FeedbackQueue {
  /** Resolves once the queue holds the chunk; rejects, within a bounded time, when it cannot say so. */
  add(partition: number, chunk: FeedbackChunk): Promise<void>;
}

/** Remembers, for a while, which events were taken. Only a courtesy to retrying clients: the unique index decides. */
export interface DuplicateMemory {
  /** Those that were taken, each with the name of the call that brought it; empty when that had none. */
  known(eventIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  remember(eventIds: readonly string[], call: string): Promise<void>;
}
