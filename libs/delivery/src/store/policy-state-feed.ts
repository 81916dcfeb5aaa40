import type { ChangeListener, Logger } from '@vitrine/platform';
import type { PolicyStates } from '../application/policy-states';

/** Longest that a lost notice can delay a gateway. */
export const POLL_INTERVAL_MS = 500;

/** Keeps policy states fresh: by notices, by polling, and whenever notices may have been missed. */
export class PolicyStateFeed {
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly states: PolicyStates,
    private readonly pollIntervalMs: number = POLL_INTERVAL_MS,
  ) {}

  start(changes: Pick<ChangeListener, 'on' | 'onGap'>): void {
    changes.on((message) => this.states.notice(message));
    changes.onGap(() => void this.states.refreshAll());
    this.schedule();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** The next poll waits for this one: a slow database is not asked twice at once. */
  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.states.refreshAll().finally(() => this.schedule()), this.pollIntervalMs);
    this.timer.unref();
  }
}

/** Faults of the background refresh, as log lines: a state that cannot be read heals itself, a policy that does not compile does not. */
export function policyFaultLog(logger: Logger): {
  report(fault: 'policy-compile' | 'policy-state', error: unknown, subject: string): void;
} {
  const failing = new Set<string>();
  return {
    report(fault, error, subject) {
      const known = failing.has(`${fault}:${subject}`);
      failing.add(`${fault}:${subject}`);
      const line = { err: error, policyVersionId: subject };
      if (fault === 'policy-compile') logger[known ? 'debug' : 'error'](line, 'a live policy does not compile');
      else logger[known ? 'debug' : 'warn'](line, 'a policy state could not be read; the last one keeps serving');
    },
  };
}
