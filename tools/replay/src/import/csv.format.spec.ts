import { csvFormat } from './csv.format';
import { csvMapping } from './csv-mapping';
import { openInput } from './input-file';
import { readMapping } from './read-mapping';
import { readingsOf, useFolder } from './testing.fixture';

const SHOP = 'docs/guides/importing/shop-csv.json';

describe('a CSV file with a mapping', () => {
  const folder = useFolder();
  const read = async (text: string, mapping: object) => {
    const input = await openInput(folder.write('orders.csv', text));
    return readingsOf(csvFormat(input, csvMapping.parse(mapping)));
  };
  const events = async (text: string, fields: object, more: object = {}) =>
    (await read(text, { fields, ...more })).map((reading) => (reading.kind === 'EVENT' ? reading.fields : reading));
  const base = { type: { constant: 'PURCHASE' }, occurredAt: { column: 't', date: 'unix-seconds' } };

  it('reads the example of the guide: value map, money, template, and values that are left out', async () => {
    const mapping = await readMapping(SHOP, csvMapping);
    const rows = [
      'e1,1767614400000,purchase,v1,p 1,shoes,12.50,/thanks',
      'e2,1767614400001,heartbeat,v1,,,,/',
      'e3,1767614400002,jump,v1,,,,/',
    ];
    const input = await openInput(folder.write('shop.csv', `id,time,action,visitor,sku,category,price,path\n${rows.join('\n')}\n`));
    expect(await readingsOf(csvFormat(input, mapping))).toEqual([
      {
        kind: 'EVENT',
        line: 2,
        fields: {
          eventId: 'e1',
          type: 'PURCHASE',
          occurredAt: 1_767_614_400_000,
          visitorId: 'v1',
          productId: 'p 1',
          category: 'shoes',
          value: { amountMinor: 1_250, currency: 'EUR' },
          url: 'https://shop.example/thanks',
        },
      },
      { kind: 'LEFT_OUT', why: 'unmapped', line: 3 },
      { kind: 'MALFORMED', reason: 'column action: a value that the map does not name', line: 4 },
    ]);
  });

  it('reads quoted cells with delimiters, quotes and ends of lines, and names lines all the same', async () => {
    const text = '\uFEFFt;name\r\n1767614400;"a;""b""\r\nc"\r\n1767614401;d;e\r\n1767614402;f\r\n';
    const readings = await read(text, { delimiter: ';', fields: { ...base, category: { column: 'name' } } });
    expect(readings).toMatchObject([
      { kind: 'EVENT', line: 2, fields: { category: 'a;"b"\nc', occurredAt: 1_767_614_400_000 } },
      { kind: 'MALFORMED', line: 4, reason: '3 columns, the header has 2' },
      { kind: 'EVENT', line: 5, fields: { category: 'f' } },
    ]);
  });

  it('loses one row to a quote that is never closed', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => (i === 3 ? `${i},"open` : `${i},x`));
    const readings = await read(`t,name\n${rows.join('\n')}\n`, { fields: base });
    expect(readings.filter(({ kind }) => kind === 'MALFORMED')).toEqual([
      { kind: 'MALFORMED', line: 5, reason: 'a quote that is never closed' },
    ]);
    expect(readings).toHaveLength(300);
  });

  it.each([
    ['iso', '2026-01-05T12:00:00Z', 'Z', 1_767_614_400_000],
    ['iso', '2026-01-05 13:00:00.5', '+01:00', 1_767_614_400_500],
    ['iso', '2026-01-05T12:00:00+0000', '+05:00', 1_767_614_400_000],
    ['iso', '2026-02-31', 'Z', null],
    ['iso', '05.01.2026', 'Z', null],
    ['unix-seconds', '1767614400.25', 'Z', 1_767_614_400_250],
    ['unix-ms', '1767614400000', 'Z', 1_767_614_400_000],
    ['unix-ms', '0x10', 'Z', null],
  ])('reads the %s time %s at offset %s as %p', async (date, text, offset, time) => {
    const [event] = await events(`t\n${text}\n`, { ...base, occurredAt: { column: 't', date, offset } });
    expect(event).toMatchObject(time === null ? { kind: 'MALFORMED' } : { occurredAt: time });
  });

  it.each([
    ['19.99', 100, '.', 1_999],
    ['1999', 1, '.', 1_999],
    ['19,99', 100, ',', 1_999],
    ['-3.10', 100, '.', -310],
    ['19.999', 100, '.', null],
    ['1e3', 100, '.', null],
  ])('reads the amount %s in units of 1/%i as %p minor units', async (text, scale, decimal, amountMinor) => {
    const value = { column: 'price', scale, decimal, currency: { column: 'unit' } };
    const [event] = await events(`t|price|unit\n1|${text}|USD\n`, { ...base, value }, { delimiter: '|' });
    expect(event).toMatchObject(amountMinor === null ? { kind: 'MALFORMED' } : { value: { amountMinor, currency: 'USD' } });
  });

  it.each([
    ['a column that is missing', { ...base, visitorId: { column: 'who' } }, 'fields.visitorId.column names the column who'],
    ['a column in a template', { ...base, url: { template: '/x/{who}' } }, 'fields.url.template names the column who'],
    ['no type of event', { ...base, type: { column: 't', map: { a: 'DANCE' } } }, 'fields.type names DANCE'],
  ])('refuses a mapping that names %s, before any row', async (_what, fields, place) => {
    await expect(read('t\n1\n', { fields })).rejects.toMatchObject({
      code: 'IMPORT_MAPPING_INVALID',
      message: expect.stringContaining(place),
    });
  });

  it.each([
    [
      'a field that no event has',
      '{"fields":{"type":{"constant":"CLICK"},"occurredAt":{"column":"t","date":"iso"},"shoe":{"column":"t"}}}',
      'shoe',
    ],
    [
      'a form of time that is unknown',
      '{"fields":{"type":{"constant":"CLICK"},"occurredAt":{"column":"t","date":"lunar"}}}',
      'fields.occurredAt.date',
    ],
    ['no JSON', '{', 'not JSON'],
  ])('refuses a mapping file with %s, naming the place', async (_what, text, place) => {
    await expect(readMapping(folder.write('mapping.json', text), csvMapping)).rejects.toMatchObject({
      code: 'IMPORT_MAPPING_INVALID',
      message: expect.stringContaining(place),
    });
  });

  it('takes a last row without an end, or an open quote at the end, for cut off', async () => {
    await expect(read('t,name\n1,a\n2,12', { fields: base })).rejects.toMatchObject({
      code: 'IMPORT_TRUNCATED',
      details: { line: 3, byte: 11 },
    });
    await expect(read('t,name\n1,"a\n', { fields: base })).rejects.toMatchObject({ code: 'IMPORT_TRUNCATED', details: { line: 2 } });
  });
});
