import { setImmediate as nextTurn } from 'node:timers/promises';
import { DomainError } from '@vitrine/kernel';

/** A computation in rounds that can stop between any two of them. */
export interface SteadyPlay {
  readonly rounds: number;
  readonly played: number;
  /** Plays at most so many further rounds. */
  advance(rounds: number): void;
}

export interface SteadyOptions {
  readonly signal: AbortSignal;
  progress?(played: number): void;
}

const ROUNDS_PER_TURN = 256;
const NANOSECONDS_PER_MICROSECOND = 1_000;

/**
 * Plays to the end, letting the process hear signals now and then.
 *
 * @returns microseconds inside `advance`: what happens between the turns (display, signals) is not counted
 * @throws DomainError SHUTTING_DOWN when the signal is aborted before the end
 */
export async function playOut(play: SteadyPlay, { signal, progress }: SteadyOptions): Promise<number> {
  let nanoseconds = 0n;
  while (play.played < play.rounds) {
    if (signal.aborted) throw new DomainError('SHUTTING_DOWN', `stopped after ${play.played} of ${play.rounds} rounds`);
    const start = process.hrtime.bigint();
    play.advance(ROUNDS_PER_TURN);
    nanoseconds += process.hrtime.bigint() - start;
    progress?.(play.played);
    await nextTurn();
  }
  return Number(nanoseconds) / NANOSECONDS_PER_MICROSECOND;
}
