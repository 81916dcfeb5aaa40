import { capturedLog, eventually, silentLogger } from '@vitrine/testing';
import { decidePlacement } from '../domain/decide-placement';
import { placementInputs } from '../fixtures';
import { BatchedDecisionLog } from './batched-decision.log';
import type { DecisionChunk } from './decision.document';

const { record } = decidePlacement(placementInputs());
const records = (count: number) => Array.from({ length: count }, () => record);

class FakeQueue {
  readonly sizes: number[] = [];
  away = false;

  async add(_name: string, data: DecisionChunk): Promise<void> {
    await Promise.resolve();
    if (this.away) throw new RangeError('no queue');
    this.sizes.push(data.rows.length);
  }
}

describe('BatchedDecisionLog', () => {
  it('does not send while it is being called', () => {
    const queue = new FakeQueue();
    const log = new BatchedDecisionLog({ queue, logger: silentLogger });
    log.append(records(2));
    expect([queue.sizes, log.buffered]).toEqual([[], 2]);
  });

  it('sends when its interval has passed', async () => {
    const queue = new FakeQueue();
    const log = new BatchedDecisionLog({ queue, logger: silentLogger, flushIntervalMs: 1 });
    log.append(records(2));
    expect(await eventually(() => (queue.sizes.length > 0 ? queue.sizes : null), { what: 'a chunk' })).toEqual([2]);
  });

  it('sends full chunks early and the rest on close', async () => {
    const queue = new FakeQueue();
    const log = new BatchedDecisionLog({ queue, logger: silentLogger, chunkSize: 3 });
    log.append(records(7));
    await log.close();
    expect(queue.sizes).toEqual([3, 3, 1]);
    expect(log.buffered).toBe(0);
  });

  it('holds records while the queue is away, drops what does not fit, counts it and says it', async () => {
    const queue = new FakeQueue();
    const out = capturedLog();
    queue.away = true;
    const log = new BatchedDecisionLog({ queue, logger: out.logger, chunkSize: 2, capacity: 5 });
    log.append(records(4));
    log.append(records(4));
    await log.flush();
    expect([log.buffered, log.dropped]).toEqual([5, 3]);
    expect(out.lines()).toContainEqual(expect.objectContaining({ msg: 'decision records were dropped', records: 3 }));
    queue.away = false;
    await log.close();
    expect(queue.sizes.reduce((sum, size) => sum + size, 0)).toBe(5);
  });

  it('sends what comes while it is sending', async () => {
    const queue = new FakeQueue();
    const log = new BatchedDecisionLog({ queue, logger: silentLogger });
    log.append(records(1));
    const sending = log.flush();
    log.append(records(2));
    await sending;
    await log.close();
    expect(queue.sizes).toEqual([1, 2]);
  });
});
