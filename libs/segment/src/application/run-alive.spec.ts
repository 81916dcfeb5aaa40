import { DomainError } from '@vitrine/kernel';
import { eventually, fakeClock } from '@vitrine/testing';
import { frozenClock } from '../testing/in-memory-training.fixture';
import { MemoryRuns } from '../testing/memory-repositories.fixture';
import { aTrainingRun } from '../testing/segment.fixture';
import { RunEnded, whileAlive } from './run-alive';

/** Goes on until it is told to stop. */
const endless = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason instanceof Error ? signal.reason : new TypeError()), { once: true }),
  );

describe('whileAlive', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('gives what was computed, and looks no more', async () => {
    const runs = new MemoryRuns(aTrainingRun());
    expect(await whileAlive({ runs, clock: frozenClock(5) }, 'run-1', () => Promise.resolve(7))).toBe(7);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('shows signs of life as long as it computes', async () => {
    const runs = new MemoryRuns(aTrainingRun());
    const clock = fakeClock(1_000);
    let done = (): void => undefined;
    const computing = whileAlive({ runs, clock }, 'run-1', () => new Promise<void>((resolve) => (done = resolve)));
    for (const now of [2_000, 3_000]) {
      clock.set(now);
      await jest.advanceTimersByTimeAsync(500);
      expect((await runs.get('run-1')).updatedAt).toBe(now);
    }
    done();
    await computing;
  });

  it.each(['CANCELLED', 'FAILED'] as const)('aborts within half a second of the run being %s, and gives nothing', async (status) => {
    const runs = new MemoryRuns(aTrainingRun());
    let reason: unknown;
    const computing = whileAlive({ runs, clock: frozenClock(0) }, 'run-1', (signal) => {
      signal.addEventListener('abort', () => (reason = signal.reason));
      return endless(signal);
    });
    await jest.advanceTimersByTimeAsync(1_200);
    expect(reason).toBeUndefined();
    await runs.finish('run-1', { status, step: 'FIT', failure: null }, 1);
    await jest.advanceTimersByTimeAsync(500);
    expect(await computing).toBeNull();
    expect(reason).toBeInstanceOf(RunEnded);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('bears looks that fail', async () => {
    const runs = new MemoryRuns(aTrainingRun());
    const away = { touch: runs.touch.bind(runs), get: () => Promise.reject(new DomainError('DEPENDENCY_UNAVAILABLE')) };
    let done = (): void => undefined;
    const computing = whileAlive({ runs: away, clock: frozenClock(0) }, 'run-1', () => new Promise<void>((resolve) => (done = resolve)));
    await jest.advanceTimersByTimeAsync(2_000);
    done();
    await expect(computing).resolves.toBeUndefined();
  });

  it('passes on what the computation throws while the run is alive', async () => {
    const failing = whileAlive({ runs: new MemoryRuns(aTrainingRun()), clock: frozenClock(0) }, 'run-1', () =>
      Promise.reject(new DomainError('COLUMN_UNUSABLE')),
    );
    await expect(failing).rejects.toMatchObject({ code: 'COLUMN_UNUSABLE' });
  });
});

it('waits for nothing but the computation to stop: with a real clock it is over soon after the end of the run', async () => {
  const runs = new MemoryRuns(aTrainingRun());
  let over = false;
  void whileAlive({ runs, clock: frozenClock(0) }, 'run-1', endless).then(() => (over = true));
  await runs.finish('run-1', { status: 'CANCELLED', step: 'FIT', failure: null }, 1);
  await eventually(() => over, { what: 'the computation to end', deadlineMs: 5_000 });
  expect(over).toBe(true);
});
