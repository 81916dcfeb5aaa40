import { SingleBar } from 'cli-progress';
import type { Say } from '@vitrine/stack';
import type { PlayProgress } from '@vitrine/replay';

export interface ProgressDisplay {
  show(state: PlayProgress): void;
  stop(): void;
}

const PLAIN_EVERY = 1_500;

/** A bar on a terminal, a line now and then in a log; both on standard error. */
export function progressDisplay(say: Say, terminal: boolean): ProgressDisplay {
  const startedAt = Date.now();
  const rateOf = (played: number): string => ((played / Math.max(1, Date.now() - startedAt)) * 1_000).toFixed(0);
  if (!terminal) {
    let next = PLAIN_EVERY;
    return {
      show({ played, total, matched, matchedAcceptance, logAcceptance }) {
        if (played < next && played < total) return;
        next += PLAIN_EVERY;
        say(
          `${played}/${total} decided (${rateOf(played)}/s), ${matched} matched, ${matchedAcceptance.toFixed(3)} accepted against ${logAcceptance.toFixed(3)} in the log`,
        );
      },
      stop: () => undefined,
    };
  }
  const bar = new SingleBar({
    format: '{bar} {value}/{total} decided, {rate}/s, {matched} matched, {mine} accepted against {log} in the log',
    stream: process.stderr,
    hideCursor: true,
  });
  let started = false;
  return {
    show({ played, total, matched, matchedAcceptance, logAcceptance }) {
      const payload = { rate: rateOf(played), matched, mine: matchedAcceptance.toFixed(3), log: logAcceptance.toFixed(3) };
      if (started) bar.update(played, payload);
      else bar.start(total, played, payload);
      started = true;
    },
    stop: () => bar.stop(),
  };
}
