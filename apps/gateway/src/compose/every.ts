import type { Closer } from '../server/shutdown';

/** Runs `task`, which never rejects, again and again, each time `pauseMs` after the last run ended. Closing waits for a run under way. */
export function every(pauseMs: number, name: string, task: () => Promise<unknown>): Closer {
  let stopped = false;
  let running: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const schedule = (): void => {
    timer = setTimeout(() => {
      running = task().finally(() => {
        if (!stopped) schedule();
      });
    }, pauseMs).unref();
  };
  schedule();
  return {
    name,
    close: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
