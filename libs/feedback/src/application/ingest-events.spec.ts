import { DomainError, visitorId } from '@vitrine/kernel';
import type { FeedbackChunk } from '../domain/feedback-chunk';
import { partitionOf } from '../domain/partition';
import type { TokenCodec } from '../domain/types';
import { parseFeedbackChunk } from '../schema/feedback-chunk.schema';
import { IngestEvents } from './ingest-events';

const NOW = Date.UTC(2026, 0, 5, 12);
const PARTITIONS = 4;
const tokens: TokenCodec = {
  seal: () => 'never',
  open: (token) => ({ ok: false, error: token === 'old' ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID' }),
};

class FakeQueue {
  readonly chunks: FeedbackChunk[] = [];
  down = new Set<number>();
  async add(partition: number, chunk: FeedbackChunk): Promise<void> {
    if (this.down.has(partition)) throw new DomainError('QUEUE_UNAVAILABLE');
    this.chunks.push(chunk);
  }
}

class FakeMemory {
  readonly taken = new Map<string, string>();
  down = false;
  async known(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (this.down) throw new DomainError('DEPENDENCY_UNAVAILABLE');
    return new Map([...this.taken].filter(([id]) => ids.includes(id)));
  }
  async remember(ids: readonly string[], call: string): Promise<void> {
    if (this.down) throw new DomainError('DEPENDENCY_UNAVAILABLE');
    for (const id of ids) this.taken.set(id, call);
  }
}

function setUp(off: readonly string[] = []) {
  const queue = new FakeQueue();
  const memory = new FakeMemory();
  const ingest = new IngestEvents({ queue, memory, tokens, partitions: PARTITIONS, cleaning: { isOn: (rule) => !off.includes(rule) } });
  const send = (events: readonly unknown[], over = {}) => ingest.execute({ events, receivedAt: NOW, userAgent: 'ua', ...over });
  return { queue, memory, send };
}

const anEvent = (eventId: string, over: object = {}) => ({ eventId, type: 'PAGE_VIEW', occurredAt: NOW, visitorId: 'v1', ...over });
const everywhere = new Set(Array.from({ length: PARTITIONS }, (_, i) => i));

describe('ingesting events', () => {
  it('tells the worker what came from inside, and says nothing of what did not', async () => {
    const { queue, send } = setUp();
    await send([anEvent('a')], { internal: true });
    await send([anEvent('b')], { internal: false });
    expect(queue.chunks.map(({ internal }) => internal)).toEqual([true, undefined]);
    for (const chunk of queue.chunks) expect(parseFeedbackChunk(JSON.parse(JSON.stringify(chunk)))).toEqual({ ok: true, value: chunk });
  });

  it('answers each event for itself, in order', async () => {
    const { send } = setUp();
    const outcomes = await send([
      anEvent('a'),
      { type: 'CLICK' },
      anEvent('b', { token: 'forged' }),
      anEvent('c', { token: 'old' }),
      anEvent('d', { occurredAt: NOW + 700_000 }),
      anEvent('e', { properties: { x: 'y'.repeat(5_000) } }),
      anEvent('a'),
      'nonsense',
    ]);
    expect(outcomes.map(({ eventId, status, code }) => [eventId, status, code])).toEqual([
      ['a', 'ACCEPTED', null],
      ['', 'REJECTED', 'EVENT_MALFORMED'],
      ['b', 'REJECTED', 'TOKEN_INVALID'],
      ['c', 'REJECTED', 'TOKEN_EXPIRED'],
      ['d', 'REJECTED', 'CLOCK_SKEW'],
      ['e', 'REJECTED', 'EVENT_TOO_LARGE'],
      ['a', 'DUPLICATE', null],
      ['', 'REJECTED', 'EVENT_MALFORMED'],
    ]);
  });

  it('answers a call that is made again under its name as it did before, and queues nothing twice', async () => {
    const { send, queue } = setUp();
    await send([anEvent('old')]);
    const batch = [anEvent('old'), anEvent('a'), anEvent('a'), anEvent('b')];
    const first = await send(batch, { call: 'batch-1' });
    expect(first.map(({ status }) => status)).toEqual(['DUPLICATE', 'ACCEPTED', 'DUPLICATE', 'ACCEPTED']);
    const queued = queue.chunks.flatMap(({ events }) => events).length;
    expect(await send(batch, { call: 'batch-1' })).toEqual(first);
    expect(queue.chunks.flatMap(({ events }) => events)).toHaveLength(queued);
    const other = await send(batch, { call: 'batch-2' });
    expect(other.map(({ status }) => status)).toEqual(['DUPLICATE', 'DUPLICATE', 'DUPLICATE', 'DUPLICATE']);
  });

  it('sends refused events along for the quarantine, without their visitor', async () => {
    const { send, queue } = setUp();
    await send([anEvent('d', { occurredAt: NOW + 700_000, visitorId: 'somebody' })]);
    expect(queue.chunks.flatMap(({ refused }) => refused)).toEqual([
      { eventId: 'd', rule: 'clock-skew', code: 'CLOCK_SKEW', type: 'PAGE_VIEW', at: NOW },
    ]);
    expect(JSON.stringify(queue.chunks)).not.toContain('somebody');
  });

  it('remembers an event only after the queue took it', async () => {
    const { send, queue, memory } = setUp();
    queue.down = everywhere;
    expect((await send([anEvent('a')]))[0]).toEqual({ eventId: 'a', status: 'REJECTED', code: 'QUEUE_UNAVAILABLE' });
    expect(memory.taken.size).toBe(0);
    queue.down = new Set();
    expect((await send([anEvent('a')]))[0]?.status).toBe('ACCEPTED');
    expect((await send([anEvent('a')]))[0]?.status).toBe('DUPLICATE');
    expect(queue.chunks.flatMap(({ events }) => events)).toHaveLength(1);
  });

  it('has repetitions counted behind their events, and not when that rule is switched off', async () => {
    const noted = async (off: readonly string[]) => {
      const { queue, send } = setUp(off);
      await send([anEvent('a'), anEvent('b'), anEvent('b')]);
      const again = await send([anEvent('a'), anEvent('c')]);
      expect(again.map(({ status }) => status)).toEqual(['DUPLICATE', 'ACCEPTED']);
      expect(queue.chunks.flatMap(({ events }) => events.map(({ eventId }) => eventId)).toSorted()).toEqual(['a', 'b', 'c']);
      return queue.chunks.flatMap(({ repeated }) => repeated ?? []);
    };
    expect(await noted([])).toEqual(['b', 'a']);
    expect(await noted(['duplicate'])).toEqual([]);
  });

  it('takes events of any time when the clock is not checked', async () => {
    const skewed = anEvent('a', { occurredAt: NOW + 86_400_000 });
    expect((await setUp().send([skewed]))[0]?.code).toBe('CLOCK_SKEW');
    expect((await setUp(['clock-skew']).send([skewed]))[0]?.status).toBe('ACCEPTED');
  });

  it('rejects only what the queue did not take, repeats of it included', async () => {
    const { send, queue } = setUp();
    const events = Array.from({ length: 40 }, (_, i) => anEvent(`e${i}`, { visitorId: `v${i}` }));
    const lost = events.filter((event) => partitionOf({ eventId: event.eventId, visitorId: visitorId(event.visitorId) }, PARTITIONS) === 2);
    queue.down = new Set([2]);
    const outcomes = await send([...events, lost[0]]);
    const rejected = outcomes.filter(({ status }) => status === 'REJECTED');
    expect(lost.length).toBeGreaterThan(0);
    expect(rejected.map(({ eventId }) => eventId)).toEqual([...lost, lost[0]].map((event) => event?.eventId));
    expect(new Set(rejected.map(({ code }) => code))).toEqual(new Set(['QUEUE_UNAVAILABLE']));
  });

  it('goes on without its memory', async () => {
    const { send, memory } = setUp();
    memory.down = true;
    expect((await send([anEvent('a')]))[0]?.status).toBe('ACCEPTED');
  });

  it('keeps a visitor in one partition, in order, in chunks that a job can carry', async () => {
    const { send, queue } = setUp();
    const events = Array.from({ length: 450 }, (_, i) => anEvent(`e${i}`));
    await send(events);
    expect(queue.chunks.map((chunk) => chunk.events.length)).toEqual([200, 200, 50]);
    expect(new Set(queue.chunks.map(({ partition }) => partition)).size).toBe(1);
    expect(queue.chunks.flatMap((chunk) => chunk.events.map(({ eventId }) => eventId))).toEqual(events.map(({ eventId }) => eventId));
  });

  it('lets a user token overrule the visitor that events name', async () => {
    const { send, queue } = setUp();
    await send([anEvent('a')], { authenticatedVisitorId: visitorId('user-7') });
    expect(queue.chunks[0]?.events[0]?.visitorId).toBe('user-7');
  });

  it('makes payloads that the worker can parse, and only those', async () => {
    const { send, queue } = setUp();
    await send([
      anEvent('a', { occurredAt: '2026-01-05T11:59:00Z', value: { amountMinor: 5, currency: 'EUR' } }),
      anEvent('b', { occurredAt: NOW + 700_000 }),
    ]);
    for (const chunk of queue.chunks) expect(parseFeedbackChunk(JSON.parse(JSON.stringify(chunk)))).toEqual({ ok: true, value: chunk });
    expect(parseFeedbackChunk({ partition: 0, events: [{ eventId: 'x' }] }).ok).toBe(false);
  });
});
