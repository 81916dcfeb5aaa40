import { visitorId } from '@vitrine/kernel';
import { MAX_CHUNK_EVENTS, type FeedbackChunk } from '../domain/feedback-chunk';
import type { QuarantineFilter, QuarantineReader, RedrivableRow } from './quarantine.ports';
import { MAX_REDRIVE, MAX_REDRIVE_IDS, RedriveQuarantined } from './redrive-quarantined';

const ALL: QuarantineFilter = { rule: null, eventId: null, from: null, before: null };

function rowOf(at: number, receivedAt: number): RedrivableRow {
  const nothing = { token: null, productId: null, category: null, value: null, dwellMs: null, url: null, properties: null };
  const event = { eventId: `e${at}`, type: 'PAGE_VIEW' as const, occurredAt: 0, visitorId: visitorId('anna'), ...nothing };
  return { id: `q${at}`, rule: 'bot', held: { event, receivedAt, userAgent: 'ua', signedIn: true } };
}

function setUp(rows: readonly RedrivableRow[]) {
  const chunks: FeedbackChunk[] = [];
  const quarantine: QuarantineReader = {
    list: async () => ({ rows: [], hasNextPage: false }),
    scan: async function* () {
      yield* rows;
    },
    find: async (ids) => rows.filter(({ id }) => ids.includes(id)),
  };
  const queue = { add: async (_: number, chunk: FeedbackChunk) => void chunks.push(chunk) };
  return { chunks, redrive: new RedriveQuarantined({ quarantine, queue, partitions: 4 }) };
}

describe('driving quarantined events again', () => {
  it('sends each as of its own receipt, so that nothing shares a chunk with another time', async () => {
    const { redrive, chunks } = setUp([rowOf(1, 10), rowOf(2, 20), rowOf(3, 10)]);
    expect(await redrive.execute({ ids: null, filter: ALL })).toEqual({ queued: 3, skipped: 0, more: false });
    expect(chunks.map(({ receivedAt, events }) => [receivedAt, events.map(({ eventId }) => eventId)])).toEqual([
      [10, ['e1', 'e3']],
      [20, ['e2']],
    ]);
    expect(chunks[1]).toMatchObject({ userAgent: 'ua', signedIn: true, redriven: [{ eventId: 'e2', quarantineId: 'q2', rule: 'bot' }] });
  });

  it('fills chunks to their limit, and says when one call does not take everything', async () => {
    const { redrive, chunks } = setUp(Array.from({ length: MAX_REDRIVE + 1 }, (_, at) => rowOf(at, 10)));
    expect(await redrive.execute({ ids: null, filter: ALL })).toEqual({ queued: MAX_REDRIVE, skipped: 0, more: true });
    expect(chunks.every(({ events }) => events.length === MAX_CHUNK_EVENTS)).toBe(true);
    expect(chunks.flatMap(({ events }) => events)).toHaveLength(MAX_REDRIVE);
  });

  it('says how many ids name nothing', async () => {
    const { redrive } = setUp([rowOf(1, 10)]);
    expect(await redrive.execute({ ids: ['q1', 'q2', 'q2'], filter: null })).toEqual({ queued: 1, skipped: 1, more: false });
  });

  it('refuses neither, both and too many', async () => {
    const { redrive } = setUp([]);
    const tooMany = Array.from({ length: MAX_REDRIVE_IDS + 1 }, (_, at) => `q${at}`);
    for (const request of [
      { ids: null, filter: null },
      { ids: ['q1'], filter: ALL },
      { ids: tooMany, filter: null },
    ]) {
      await expect(redrive.execute(request)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  });
});
