import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '@vitrine/kernel';
import { GraphqlClient, type Caller } from './graphql-client';
import { importEvents } from './import-events';

class FakeApi extends GraphqlClient {
  readonly sent: string[] = [];

  constructor() {
    super('http://127.0.0.1:9/graphql');
  }

  override async call(_caller: Caller, _query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const events = variables['events'] as readonly { readonly eventId: string; readonly type: string }[];
    if (events.some(({ type }) => type === 'NO_SUCH_TYPE')) throw new DomainError('BAD_USER_INPUT', 'type is unknown');
    const results = events.map(({ eventId }) => ({ status: this.sent.includes(eventId) ? 'DUPLICATE' : 'ACCEPTED', code: null }));
    this.sent.push(...events.map(({ eventId }) => eventId));
    return { recordEvents: { results } };
  }
}

const line = (eventId: string, type = 'PAGE_VIEW') => JSON.stringify({ eventId, type, occurredAt: '2026-01-05T12:00:00Z' });

describe('importing an event file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-import-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = async (lines: readonly string[], api = new FakeApi()) => {
    const file = join(folder, 'events.ndjson');
    writeFileSync(file, lines.join('\n'));
    return { api, outcome: await importEvents(file, api, { key: 'k' }, () => undefined) };
  };

  it('reports malformed lines by number and sends the rest', async () => {
    const { api, outcome } = await run([
      line('a'),
      '{"eventId":',
      '[]',
      line('b', 'NO_SUCH_TYPE'),
      '',
      '{"eventId":"x","shoe":1}',
      line('c'),
    ]);
    expect(outcome).toMatchObject({ lines: 7, accepted: 2, duplicate: 0, refusedCount: 4 });
    expect(outcome.refused.map(({ line: number, code }) => [number, code])).toEqual([
      [2, 'IMPORT_MALFORMED_LINE'],
      [3, 'IMPORT_MALFORMED_LINE'],
      [6, 'IMPORT_MALFORMED_LINE'],
      [4, 'BAD_USER_INPUT'],
    ]);
    expect(api.sent).toEqual(['a', 'c']);
  });

  it('counts what was sent before as duplicates', async () => {
    const { api } = await run([line('a'), line('b')]);
    const { outcome } = await run([line('a'), line('b'), line('c')], api);
    expect(outcome).toMatchObject({ accepted: 1, duplicate: 2 });
  });

  it('names a file that is not there', async () => {
    await expect(importEvents(join(folder, 'none.ndjson'), new FakeApi(), { key: 'k' }, () => undefined)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
