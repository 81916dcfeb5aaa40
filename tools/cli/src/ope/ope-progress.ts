import type { Say } from '@vitrine/stack';

const EVERY_MS = 1_000;

export interface OpeProgress {
  /** Told often; speaks at most once a second, and not at all about a short run. */
  readonly step: (where: string, done: number, total: number) => void;
}

/** @param nowMs a clock that does not go back, in milliseconds */
export function opeProgress(say: Say, nowMs: () => number = () => performance.now()): OpeProgress {
  let spokeAt = nowMs();
  return {
    step: (where, done, total) => {
      const now = nowMs();
      if (now - spokeAt < EVERY_MS) return;
      spokeAt = now;
      say(`${where}: ${done}/${total} estimates`);
    },
  };
}
