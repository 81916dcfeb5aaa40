import { DomainError } from '@vitrine/kernel';
import { extractedRows, progressOf, type TrainingRun } from '../domain/training-run';
import { NewestValue } from './newest-value';
import type { TrainingRunRepository } from './training-ports';

export interface WatchTrainingRunDeps {
  readonly runs: Pick<TrainingRunRepository, 'get'>;
  /** Calls `look` again and again until the function that it returns is called: finds what a lost notice would have told. */
  readonly poll: (look: () => void) => () => void;
}

/** Looks that may fail one after the other before whoever watches is told: a database that is away for a moment is no end of a run. */
const MAX_FAILED_LOOKS = 20;

/**
 * Follows training runs for whoever watches them: the run as it is, then every state that it is seen in, until it has ended. Watchers of
 * one run share one poll and each look at the database; a run that nobody watches costs nothing.
 */
export class WatchTrainingRun {
  private readonly watched = new Map<string, WatchedRun>();

  constructor(private readonly deps: WatchTrainingRunDeps) {}

  /** Runs that somebody watches just now. */
  get watchedRuns(): number {
    return this.watched.size;
  }

  /**
   * The newest states of a run, each once. Ends after the state in which the run has ended, or when its reader calls `return()`.
   * Reading throws DomainError NOT_FOUND for an unknown run, and what the repository throws when the run cannot be read.
   */
  watch(runId: string): AsyncIterableIterator<TrainingRun> {
    const run = this.watched.get(runId) ?? this.begin(runId);
    return run.join();
  }

  /** The run may have changed: looks at once if somebody watches it. */
  notice(runId: string): void {
    this.watched.get(runId)?.look();
  }

  /** Ends every watch. */
  stop(): void {
    for (const run of this.watched.values()) run.finish();
  }

  private begin(runId: string): WatchedRun {
    const run = new WatchedRun(runId, { ...this.deps, onEmpty: () => this.watched.delete(runId) });
    this.watched.set(runId, run);
    return run;
  }
}

interface WatchedRunDeps extends WatchTrainingRunDeps {
  /** Nobody watches the run any more. */
  readonly onEmpty: () => void;
}

/** One run and everybody who watches it. */
class WatchedRun {
  private readonly readers = new Set<NewestValue<TrainingRun>>();
  private readonly stopPolling: () => void;
  private latest: TrainingRun | null = null;
  private failedLooks = 0;
  private looking = false;
  private lookAgain = false;

  constructor(
    private readonly runId: string,
    private readonly deps: WatchedRunDeps,
  ) {
    this.stopPolling = deps.poll(() => {
      if (!this.looking) this.look();
    });
  }

  join(): NewestValue<TrainingRun> {
    const reader = new NewestValue<TrainingRun>(() => this.leave(reader));
    this.readers.add(reader);
    if (this.latest !== null) reader.put(this.latest);
    this.look();
    return reader;
  }

  /** One look at a time; a call meanwhile is followed by another, since the one under way may have read before the change. */
  look(): void {
    this.lookAgain = true;
    if (!this.looking) void this.lookOnce();
  }

  finish(): void {
    this.end((reader) => reader.finish());
  }

  private async lookOnce(): Promise<void> {
    this.looking = true;
    while (this.lookAgain && this.readers.size > 0) {
      this.lookAgain = false;
      try {
        this.take(await this.deps.runs.get(this.runId));
      } catch (error) {
        this.takeFailure(error);
      }
    }
    this.looking = false;
  }

  private take(run: TrainingRun): void {
    if (this.readers.size === 0) return; // everybody left during the look
    this.failedLooks = 0;
    if (this.latest !== null && appearanceOf(this.latest) === appearanceOf(run)) return;
    this.latest = run;
    for (const reader of this.readers) reader.put(run);
    if (run.status !== 'RUNNING') this.finish();
  }

  private takeFailure(error: unknown): void {
    if (this.readers.size === 0) return;
    this.failedLooks++;
    const known = this.latest !== null;
    const gone = error instanceof DomainError && error.code === 'NOT_FOUND';
    if (known && !gone && this.failedLooks < MAX_FAILED_LOOKS) return;
    this.end((reader) => reader.fail(error));
  }

  private leave(reader: NewestValue<TrainingRun>): void {
    this.readers.delete(reader);
    if (this.readers.size === 0) this.end(() => undefined);
  }

  private end(tell: (reader: NewestValue<TrainingRun>) => void): void {
    this.stopPolling();
    this.deps.onEmpty();
    for (const reader of this.readers) tell(reader);
    this.readers.clear();
  }
}

/** What somebody who watches sees of a run: two states that look alike are one. A sign of life alone changes nothing. */
function appearanceOf(run: TrainingRun): string {
  const { train, tune, test } = extractedRows(run.extracted);
  return JSON.stringify([run.status, run.step, progressOf(run), train + tune + test, run.failure, run.finishedAt]);
}
