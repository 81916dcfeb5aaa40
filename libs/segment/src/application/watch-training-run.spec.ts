import { DomainError } from '@vitrine/kernel';
import { eventually } from '@vitrine/testing';
import type { TrainingRun } from '../domain/training-run';
import { anExtraction, aTrainingRun } from '../testing/segment.fixture';
import { WatchTrainingRun } from './watch-training-run';

const RUN = aTrainingRun();
const ENDED: Partial<TrainingRun> = { status: 'PUBLISHED', step: 'DONE', finishedAt: 9 };

/** Runs in memory; a read can be held open, and the database can be away. */
class FakeRuns {
  readonly held = new Map<string, TrainingRun>([[RUN.id, RUN]]);
  reads = 0;
  away = false;
  gate: Promise<void> = Promise.resolve();

  async get(runId: string): Promise<TrainingRun> {
    this.reads++;
    const run = this.held.get(runId);
    await this.gate;
    if (this.away) throw new DomainError('DEPENDENCY_UNAVAILABLE');
    if (run === undefined) throw new DomainError('NOT_FOUND');
    return run;
  }

  set(change: Partial<TrainingRun>): void {
    this.held.set(RUN.id, { ...RUN, ...this.held.get(RUN.id), ...change });
  }
}

/** A poll that is due when the test says so. */
class FakePolls {
  readonly due = new Set<() => void>();
  readonly poll = (look: () => void): (() => void) => {
    this.due.add(look);
    return () => this.due.delete(look);
  };
  tick(): void {
    for (const look of this.due) look();
  }
}

describe('WatchTrainingRun', () => {
  let runs: FakeRuns;
  let polls: FakePolls;
  let watcher: WatchTrainingRun;
  beforeEach(() => {
    runs = new FakeRuns();
    polls = new FakePolls();
    watcher = new WatchTrainingRun({ runs, poll: polls.poll });
  });
  const stepOf = async (reader: AsyncIterator<TrainingRun>) => (await reader.next()).value?.step;
  /** Lets a look that is under way end: nothing here waits for more than promises. */
  const settled = async (reads: number): Promise<void> => {
    await eventually(() => runs.reads >= reads, { what: `${reads} reads` });
    await new Promise((resolve) => void setImmediate(resolve));
  };

  it('gives the run as it is, each state that a notice tells of, and the end', async () => {
    const reader = watcher.watch(RUN.id);
    expect(await stepOf(reader)).toBe('EXTRACT');
    runs.set({ step: 'FIT' });
    watcher.notice(RUN.id);
    expect(await stepOf(reader)).toBe('FIT');
    runs.set(ENDED);
    watcher.notice(RUN.id);
    expect((await reader.next()).value).toMatchObject({ status: 'PUBLISHED', step: 'DONE' });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
    expect([watcher.watchedRuns, polls.due.size]).toEqual([0, 0]);
  });

  it('gives one state of a run that has ended, then ends', async () => {
    runs.set({ ...ENDED, status: 'REFUSED' });
    const states: TrainingRun[] = [];
    for await (const run of watcher.watch(RUN.id)) states.push(run);
    expect(states.map(({ status }) => status)).toEqual(['REFUSED']);
  });

  it('finds by polling what no notice told', async () => {
    const reader = watcher.watch(RUN.id);
    await reader.next();
    runs.set({ step: 'VALIDATE' });
    polls.tick();
    expect(await stepOf(reader)).toBe('VALIDATE');
  });

  it('gives each state once: a sign of life is none', async () => {
    const reader = watcher.watch(RUN.id);
    await reader.next();
    runs.set({ updatedAt: 7 });
    polls.tick();
    watcher.notice(RUN.id);
    await settled(2);
    runs.set({ extracted: { 0: anExtraction() } });
    polls.tick();
    expect(Object.keys((await reader.next()).value?.extracted ?? {})).toEqual(['0']);
  });

  it('looks again when a notice comes during a look, which may have read too early', async () => {
    const reader = watcher.watch(RUN.id);
    await reader.next();
    let open = (): void => undefined;
    runs.gate = new Promise((resolve) => {
      open = resolve;
    });
    watcher.notice(RUN.id);
    runs.set({ step: 'FIT' });
    watcher.notice(RUN.id);
    open();
    expect(await stepOf(reader)).toBe('FIT');
  });

  it('skips, for a slow reader, states that were replaced', async () => {
    const reader = watcher.watch(RUN.id);
    await settled(1);
    for (const step of ['FIT', 'VALIDATE', 'PUBLISH'] as const) {
      runs.set({ step });
      watcher.notice(RUN.id);
      await settled(runs.reads);
    }
    expect(await stepOf(reader)).toBe('PUBLISH');
  });

  it('shares one poll among all who watch a run, and stops it with the last of them', async () => {
    const [first, second] = [watcher.watch(RUN.id), watcher.watch(RUN.id)];
    await Promise.all([first.next(), second.next()]);
    expect([watcher.watchedRuns, polls.due.size]).toEqual([1, 1]);
    await settled(2);
    polls.tick();
    await settled(3);
    expect(runs.reads).toBe(3);
    await first.return?.();
    expect(polls.due.size).toBe(1);
    await second.return?.();
    expect([watcher.watchedRuns, polls.due.size]).toEqual([0, 0]);
  });

  it('lets a reader go that waits for a state which never comes', async () => {
    const reader = watcher.watch(RUN.id);
    await reader.next();
    const waiting = reader.next();
    await reader.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(watcher.watchedRuns).toBe(0);
  });

  it.each([
    ['saw the run ended', () => runs.set(ENDED)],
    ['saw no run', () => runs.held.delete(RUN.id)],
  ])('does not take a new watch away when a look for one that was left ends late and %s', async (_what, meanwhile) => {
    let open = (): void => undefined;
    runs.gate = new Promise((resolve) => {
      open = resolve;
    });
    meanwhile();
    await watcher.watch(RUN.id).return?.();
    runs.held.set(RUN.id, RUN);
    const reader = watcher.watch(RUN.id);
    open();
    expect(await stepOf(reader)).toBe('EXTRACT');
    runs.set(ENDED);
    watcher.notice(RUN.id);
    expect(await stepOf(reader)).toBe('DONE');
  });

  it('refuses an unknown run, and watches nothing then', async () => {
    await expect(watcher.watch('nobody').next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect([watcher.watchedRuns, polls.due.size]).toEqual([0, 0]);
  });

  it('says at once that a run cannot be read, but bears it for a while once it has been', async () => {
    runs.away = true;
    await expect(watcher.watch(RUN.id).next()).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    runs.away = false;
    const reader = watcher.watch(RUN.id);
    await reader.next();
    runs.away = true;
    for (let failed = 1; failed < 20; failed++) {
      polls.tick();
      await settled(runs.reads);
    }
    runs.away = false;
    runs.set({ step: 'FIT' });
    polls.tick();
    expect(await stepOf(reader)).toBe('FIT');
    runs.away = true;
    const waiting = expect(reader.next()).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    for (let failed = 1; failed <= 20; failed++) {
      polls.tick();
      await settled(runs.reads);
    }
    await waiting;
    expect(watcher.watchedRuns).toBe(0);
  });

  it('ends every watch when it stops', async () => {
    const reader = watcher.watch(RUN.id);
    await reader.next();
    const waiting = reader.next();
    watcher.stop();
    expect(await waiting).toMatchObject({ done: true });
    expect(polls.due.size).toBe(0);
  });
});
