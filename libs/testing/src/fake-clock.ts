import type { Clock } from '@vitrine/kernel';

export interface FakeClock extends Clock {
  /** Moves time on (or back, with a negative number). */
  advance(ms: number): void;
  set(nowMs: number): void;
}

/** A clock that stands still until told to move; starts at `startMs` since the epoch. */
export function fakeClock(startMs = Date.UTC(2026, 0, 5, 12)): FakeClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
    set: (to) => {
      nowMs = to;
    },
  };
}
