import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatOf, importEvents, type ImportEventsOptions } from './import-events';
import { useFolder } from './testing.fixture';

interface Call {
  readonly name: string;
  readonly key: string;
  readonly events: readonly { readonly eventId: string }[];
}

describe('importing events into a gateway', () => {
  const folder = useFolder();
  const calls: Call[] = [];
  let refuse: string | null = null;
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { events } = JSON.parse(Buffer.concat(chunks).toString()) as Call;
        const { 'idempotency-key': name, 'x-vitrine-key': key } = request.headers;
        calls.push({ name: String(name), key: String(key), events });
        const results = events.map(({ eventId }) => ({ eventId, status: 'ACCEPTED', code: null }));
        const errors = [{ message: 'no', extensions: { code: refuse, retryable: false } }];
        response.end(JSON.stringify(refuse === null ? { results } : { errors }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    calls.length = 0;
    refuse = null;
  });

  const importing = (file: string, more: Partial<ImportEventsOptions> = {}) =>
    importEvents({
      file,
      gatewayUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      key: 'sk_test',
      target: 'local',
      stateDir: folder.path('states'),
      restart: false,
      progress: () => undefined,
      signal: new AbortController().signal,
      ...more,
    });
  const lines = Array.from({ length: 600 }, (_, i) => `{"eventId":"e${i}","type":"PAGE_VIEW","occurredAt":"2026-01-05T12:00:00Z"}\n`).join(
    '',
  );

  it('sends batches under names of their own, with the key in a header', async () => {
    expect(await importing(folder.write('a.ndjson', lines))).toMatchObject({ lines: 600, accepted: 600 });
    expect(calls.map(({ key, events }) => [key, events.length])).toEqual([
      ['sk_test', 500],
      ['sk_test', 100],
    ]);
    expect(calls.map(({ name }) => name.replace(/^[-0-9a-f]{36}/, ''))).toEqual([':0', ':500']);
  });

  it('ends with the code of a gateway that refuses it', async () => {
    refuse = 'UNAUTHENTICATED';
    await expect(importing(folder.write('b.ndjson', lines))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('stops when told to, and goes on later', async () => {
    const ending = new AbortController();
    const file = folder.write('c.ndjson', lines);
    ending.abort();
    await expect(importing(file, { signal: ending.signal })).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    expect(await importing(file)).toMatchObject({ accepted: 600, resumedAt: 500 });
  });

  it('sends nothing when a CSV file has no mapping', async () => {
    await expect(importing(folder.write('d.csv', 'a\n1\n'))).rejects.toMatchObject({ code: 'IMPORT_MAPPING_INVALID' });
    expect(calls).toEqual([]);
  });

  it.each([
    ['a.ndjson', 'ndjson'],
    ['a.JSONL.gz', 'ndjson'],
    ['orders.csv.gz', 'csv'],
    ['access.log', 'combined'],
    ['/var/log/access.log.12.gz', 'combined'],
    ['access.log-20260105', 'combined'],
  ])('takes %s for %s', (file, format) => {
    expect(formatOf(file)).toBe(format);
  });

  it('asks for the format of a name that does not tell it', () => {
    expect(() => formatOf('events')).toThrow(/--format/);
  });
});
