import type { FeedbackChunk, ProcessFeedbackOutcome } from '@vitrine/feedback';
import { fakeClock } from '@vitrine/testing';
import { pino } from 'pino';
import { createProcessFeedback, type TakenJob, type WaitingJob } from './process-feedback.processor';

const NOW = 1_000_000;
const chunkOf = (receivedAt: number, partition = 3): FeedbackChunk => ({
  partition,
  receivedAt,
  userAgent: null,
  signedIn: false,
  events: [],
  refused: [],
});
const waitingJob = (id: string, at: number): WaitingJob => ({ id, data: chunkOf(at) });
const jobOf = (id: string, at: number, timestamp: number): TakenJob => ({ id, data: chunkOf(at), timestamp });
const outcome = (accepted: number): ProcessFeedbackOutcome => ({ accepted, duplicates: 0, quarantined: 0, erased: 0, rules: {} });

function setUp(waiting: readonly WaitingJob[], together: 'works' | 'fails' = 'works') {
  const calls: number[][] = [];
  const run = createProcessFeedback({
    process: {
      execute: async (chunk) => (calls.push([chunk.receivedAt]), outcome(chunk.receivedAt)),
      executeAll: async (chunks) => {
        if (together === 'fails') throw new TypeError('one of them is at fault');
        calls.push(chunks.map(({ receivedAt }) => receivedAt));
        return chunks.map(({ receivedAt }) => outcome(receivedAt));
      },
    },
    waiting: async () => waiting,
    countCleaning: () => undefined,
    clock: fakeClock(NOW),
    logger: pino({ level: 'silent' }),
  });
  return { run, calls };
}

describe('jobs of events', () => {
  it('are taken one by one while nothing waits', async () => {
    const { run, calls } = setUp([waitingJob('b', 2)]);
    await run(jobOf('a', 1, NOW - 5));
    expect(calls).toEqual([[1]]);
  });

  it('are taken together where they wait, and are done when their turn comes', async () => {
    const { run, calls } = setUp([waitingJob('b', 2), { id: 'odd', data: {} }, waitingJob('c', 3)]);
    expect(await run(jobOf('a', 1, NOW - 500))).toEqual(outcome(1));
    expect(calls).toEqual([[1, 2, 3]]);
    expect(await run(jobOf('b', 2, NOW - 500))).toEqual(outcome(2));
    expect(await run(jobOf('c', 3, NOW - 500))).toEqual(outcome(3));
    expect(calls).toHaveLength(1);
    await run(jobOf('b', 2, NOW - 5)); // tried again, as after a crash: found done by its events, not by memory
    expect(calls).toEqual([[1, 2, 3], [2]]);
  });

  it('are told apart by their partition: two of them count their jobs alike', async () => {
    const { run, calls } = setUp([waitingJob('b', 2)]);
    await run(jobOf('a', 1, NOW - 500));
    await run({ id: 'b', data: chunkOf(7, 4), timestamp: NOW });
    expect(calls).toEqual([[1, 2], [7]]);
  });

  it('are taken alone when one that waits is at fault', async () => {
    const { run, calls } = setUp([waitingJob('b', 2)], 'fails');
    expect(await run(jobOf('a', 1, NOW - 500))).toEqual(outcome(1));
    expect(calls).toEqual([[1]]);
  });
});
