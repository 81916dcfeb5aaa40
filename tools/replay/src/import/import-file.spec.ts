import { gzipSync } from 'node:zlib';
import { csvFormat } from './csv.format';
import { csvMapping } from './csv-mapping';
import { importFile, type ImportOutcome } from './import-file';
import { ImportStates } from './import-state';
import { openInput } from './input-file';
import { ndjsonFormat } from './ndjson.format';
import { FakeGateway, useFolder, type Fate } from './testing.fixture';

const line = (eventId: string, type = 'PAGE_VIEW') => JSON.stringify({ eventId, type, occurredAt: '2026-01-05T12:00:00Z' });
const MAPPING = csvMapping.parse({ fields: { type: { column: 'type' }, occurredAt: { column: 'time', date: 'unix-ms' } } });

describe('importing a file', () => {
  const folder = useFolder();
  let nth = 0;
  let states = new ImportStates('');
  beforeEach(() => {
    states = new ImportStates(folder.path(`states-${nth++}`));
  });

  const importing = async (file: string, sink: FakeGateway, more: { readonly restart?: boolean } = {}): Promise<ImportOutcome> => {
    const input = await openInput(file);
    const format = file.includes('.csv') ? csvFormat(input, MAPPING) : ndjsonFormat(input);
    return importFile({ input, format, sink, states, setting: 'test', ...more });
  };
  const withoutResume = ({ resumedAt: _, ...tally }: ImportOutcome) => tally;

  it('reports malformed lines by number and sends the rest', async () => {
    const lines = [line('a'), '{"eventId":', '[]', line('b', 'NO_SUCH_TYPE'), '', '{"eventId":"x","shoe":1}', line('c')];
    const gateway = new FakeGateway();
    const outcome = await importing(folder.write('bad.ndjson', lines.join('\n')), gateway);
    expect(outcome).toMatchObject({ lines: 7, accepted: 2, duplicate: 0, refusedCount: 4, leftOut: { blank: 1 } });
    expect(outcome.refused.map(({ line: number, code }) => [number, code])).toEqual([
      [2, 'IMPORT_MALFORMED_LINE'],
      [3, 'IMPORT_MALFORMED_LINE'],
      [4, 'EVENT_MALFORMED'],
      [6, 'IMPORT_MALFORMED_LINE'],
    ]);
    expect([...gateway.stored.keys()]).toEqual(['a', 'c']);
  });

  it('shows the first hundred refused lines and counts all', async () => {
    const file = folder.write('worse.ndjson', 'nonsense\n'.repeat(1_500));
    const outcome = await importing(file, new FakeGateway());
    expect(outcome.refusedCount).toBe(1_500);
    expect(outcome.refused.map((refused) => refused.line)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  it('answers a file that is imported again with duplicates', async () => {
    const file = folder.write('again.csv', 'type,time\n' + 'PAGE_VIEW,1767614400000\n'.repeat(3) + 'SEARCH,1767614400000\n');
    const gateway = new FakeGateway();
    expect(await importing(file, gateway)).toMatchObject({ lines: 4, accepted: 4, duplicate: 0 });
    expect(await importing(folder.write('copy.csv.gz', 'type,time\n' + 'PAGE_VIEW,1767614400000\n'.repeat(3)), gateway)).toMatchObject({
      lines: 3,
      accepted: 0,
      duplicate: 3,
    });
    expect(gateway.stored.size).toBe(4);
  });

  /** Twelve batches, with duplicates near and far, refused and malformed lines. */
  const mixed = Array.from({ length: 6_000 }, (_, i) => {
    if (i % 97 === 0) return 'nonsense';
    if (i % 89 === 0) return line(`e${i}`, 'NO_SUCH_TYPE');
    return line(i % 7 === 0 && i > 700 ? `e${i - 601}` : i % 11 === 0 ? `e${i - 3}` : `e${i}`);
  }).join('\n');
  const tabled = `type,time\n${Array.from({ length: 6_000 }, (_, i) => `PAGE_VIEW,${1767614400000 + (i % 2_500)}`).join('\n')}\n`;
  const sources = { 'mixed.ndjson': mixed, 'mixed.ndjson.gz': mixed, 'tabled.csv': tabled };
  const points = (Object.keys(sources) as (keyof typeof sources)[]).flatMap((name) =>
    Array.from({ length: 12 }, (_, batch) => [name, batch] as const),
  );

  it.each(points)('%s: killed at batch %i, it ends with the counts of an undisturbed run', async (name, doomed) => {
    const file = folder.write(name, sources[name]);
    const calm = new FakeGateway();
    const expected = await importing(file, calm);
    for (const fate of ['LOST', 'NOT_TAKEN'] satisfies Fate[]) {
      const gateway = new FakeGateway();
      // Later batches of the window still arrive, as they do when a process is killed with several under way.
      gateway.fate = (batch) => (batch === doomed ? fate : batch > doomed ? 'LOST' : 'ANSWERED');
      await expect(importing(file, gateway)).rejects.toMatchObject({ message: 'died' });
      await expect(importing(file, gateway)).rejects.toMatchObject({ message: 'died' });
      gateway.fate = () => 'ANSWERED';
      const outcome = await importing(file, gateway);
      expect(withoutResume(outcome)).toEqual(withoutResume(expected));
      expect(outcome.resumedAt).toBeGreaterThanOrEqual(Math.max(0, doomed) * 500);
      expect([...gateway.stored.keys()].toSorted()).toEqual([...calm.stored.keys()].toSorted());
    }
  });

  it('takes another file that begins alike for another import', async () => {
    const start = Array.from({ length: 1_000 }, (_, i) => line(`s${i}`));
    const gateway = new FakeGateway();
    gateway.fate = (batch) => (batch >= 3 ? 'NOT_TAKEN' : 'ANSWERED');
    const first = folder.write('first.ndjson', [...start, ...Array.from({ length: 1_500 }, (_, i) => line(`f${i}`))].join('\n'));
    await expect(importing(first, gateway)).rejects.toMatchObject({ message: 'died' });
    gateway.fate = () => 'ANSWERED';
    const second = folder.write('second.ndjson', [...start, ...Array.from({ length: 1_500 }, (_, i) => line(`g${i}`))].join('\n'));
    expect(await importing(second, gateway)).toMatchObject({ lines: 2_500, accepted: 1_500, duplicate: 1_000, resumedAt: 0 });
    expect(await importing(first, gateway)).toMatchObject({ lines: 2_500, accepted: 2_500, duplicate: 0, resumedAt: 1_500 });
  });

  it('begins anew when told to', async () => {
    const file = folder.write('anew.ndjson', Array.from({ length: 1_200 }, (_, i) => line(`n${i}`)).join('\n'));
    const gateway = new FakeGateway();
    gateway.fate = (batch) => (batch === 2 ? 'NOT_TAKEN' : 'ANSWERED');
    await expect(importing(file, gateway)).rejects.toMatchObject({ message: 'died' });
    expect(await importing(file, gateway, { restart: true })).toMatchObject({ accepted: 200, duplicate: 1_000, resumedAt: 0 });
  });

  const whole = `${Array.from({ length: 1_300 }, (_, i) => line(`w${i}`)).join('\n')}\n`;
  it.each([
    ['in the middle of a line', 'cut.ndjson', whole, whole.slice(0, 80_000)],
    ['by a half gzip file', 'cut.ndjson.gz', gzipSync(whole), gzipSync(whole).subarray(0, 3_000)],
  ])('names the place of a file cut %s, and goes on when it is whole', async (_how, name, bytes, half) => {
    const gateway = new FakeGateway();
    const error = await importing(folder.write(name, half), gateway).catch((thrown: unknown) => thrown);
    const before = gateway.stored.size;
    expect(before).toBeGreaterThan(0);
    expect(error).toMatchObject({ code: 'IMPORT_TRUNCATED', details: { line: before + 1, byte: expect.any(Number) } });
    expect(await importing(folder.write(name, bytes), gateway)).toMatchObject({ lines: 1_300, accepted: 1_300, resumedAt: before });
    expect(gateway.stored.size).toBe(1_300);
  });

  it('takes a gzip file of several members', async () => {
    const file = folder.write('members.ndjson.gz', Buffer.concat([gzipSync(`${line('m1')}\n`), gzipSync(`${line('m2')}\n`)]));
    expect(await importing(file, new FakeGateway())).toMatchObject({ accepted: 2 });
  });

  it('names a file that is not there', async () => {
    await expect(importing(folder.path('none.ndjson'), new FakeGateway())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
