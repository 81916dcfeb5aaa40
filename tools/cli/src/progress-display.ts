import { SingleBar } from 'cli-progress';
import type { Say } from '@vitrine/stack';

export interface ProgressDisplay {
  show(done: number): void;
  stop(): void;
}

export interface ProgressOptions {
  readonly say: Say;
  /** What is done, for instance `rounds of lin-ucb, seed 0`. */
  readonly what: string;
  readonly total: number;
  readonly terminal: boolean;
  /** A clock in milliseconds. */
  readonly now?: () => number;
}

const PLAIN_EVERY_MS = 5_000;

/** A bar on a terminal; in a log a line every five seconds, so that a short run says nothing. */
export function showProgress({ say, what, total, terminal, now = Date.now }: ProgressOptions): ProgressDisplay {
  if (terminal) {
    const bar = new SingleBar({
      format: `{bar} {value}/{total} ${what}, {eta_formatted} left`,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
    });
    bar.start(total, 0);
    return { show: (done) => bar.update(done), stop: () => bar.stop() };
  }
  let due = now() + PLAIN_EVERY_MS;
  return {
    show(done) {
      if (now() < due) return;
      due = now() + PLAIN_EVERY_MS;
      say(`${done}/${total} ${what}`);
    },
    stop: () => undefined,
  };
}
