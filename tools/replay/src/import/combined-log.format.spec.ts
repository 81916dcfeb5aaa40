import { combinedLogFormat } from './combined-log.format';
import { openInput } from './input-file';
import { logMapping } from './log-mapping';
import { readMapping } from './read-mapping';
import { readingsOf, useFolder } from './testing.fixture';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0';
const TIME = '05/Jan/2026:13:00:00 +0100';
const line = (request: string, { status = 200, agent = FIREFOX, user = '-', extra = '' } = {}) =>
  `192.0.2.7 - ${user} [${TIME}] "${request}" ${status} 512 "https://shop.example/a \\"b\\"" "${agent}"${extra}`;

describe('a combined access log', () => {
  const folder = useFolder();
  const read = async (lines: readonly string[], mapping: object = {}) => {
    const input = await openInput(folder.write('access.log.gz', `${lines.join('\n')}\n`));
    return readingsOf(combinedLogFormat(input, logMapping.parse(mapping)));
  };

  it('reads the example of the guide: rules in order, captures, query, a visitor from a cookie after the user agent', async () => {
    const mapping = await readMapping('docs/guides/importing/shop-log.json', logMapping);
    const cookie = ' "lang=de; vid=v%2D1"';
    const lines = [
      line('GET /p/shoes/p%201?utm=x HTTP/1.1', { extra: cookie }),
      line('GET /search?c=coats HTTP/2.0', { extra: ' "lang=de"' }),
      line('GET /admin/users HTTP/1.1'),
      line('GET /about HTTP/1.1', { status: 304 }),
    ];
    const input = await openInput(folder.write('access.log', `${lines.join('\n')}\n`));
    const readings = await readingsOf(combinedLogFormat(input, mapping));
    const occurredAt = Date.UTC(2026, 0, 5, 12);
    expect(readings.map((reading) => (reading.kind === 'EVENT' ? reading.fields : reading))).toEqual([
      { type: 'PRODUCT_VIEW', occurredAt, url: 'https://shop.example/p/shoes/p 1', visitorId: 'v-1', category: 'shoes', productId: 'p 1' },
      { type: 'SEARCH', occurredAt, url: 'https://shop.example/search', category: 'coats' },
      { kind: 'LEFT_OUT', why: 'unmapped', line: 3 },
      { type: 'PAGE_VIEW', occurredAt, url: 'https://shop.example/about' },
    ]);
  });

  it.each([
    ['bot', line('GET / HTTP/1.1', { agent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' })],
    ['asset', line('GET /static/app.JS?v=3 HTTP/1.1')],
    ['method', line('POST /login HTTP/1.1')],
    ['status', line('GET /gone HTTP/1.1', { status: 404 })],
    ['status', line('GET /moved HTTP/1.1', { status: 302 })],
  ])('leaves out, as %s, %s', async (why, text) => {
    expect(await read([text])).toEqual([{ kind: 'LEFT_OUT', why, line: 1 }]);
  });

  it('names nobody unless the mapping says which field is the visitor', async () => {
    const [anonymous] = await read([line('GET / HTTP/1.1', { user: 'anna' })]);
    const [named, nobody] = await read([line('GET / HTTP/1.1', { user: 'anna' }), line('GET / HTTP/1.1')], {
      visitorId: { field: 'remoteUser' },
    });
    expect(anonymous).not.toHaveProperty('fields.visitorId');
    expect(named).toHaveProperty('fields.visitorId', 'anna');
    expect(nobody).not.toHaveProperty('fields.visitorId');
  });

  it('takes other methods where a rule asks for them', async () => {
    const rules = [{ path: '^/cart$', method: 'POST', type: 'ADD_TO_CART' }];
    expect(await read([line('POST /cart HTTP/1.1'), line('GET /cart HTTP/1.1')], { rules })).toMatchObject([
      { kind: 'EVENT', fields: { type: 'ADD_TO_CART' } },
      { kind: 'LEFT_OUT', why: 'unmapped' },
    ]);
  });

  it('reports what is no line of a log, and goes on', async () => {
    const lines = ['nonsense', line('\\x16\\x03\\x01'), line('GET / HTTP/1.1')];
    expect((await read(lines)).map(({ kind }) => kind)).toEqual(['MALFORMED', 'MALFORMED', 'EVENT']);
  });

  it('takes a last line without an end for cut off', async () => {
    const input = await openInput(folder.write('cut.log', `${line('GET / HTTP/1.1')}\n${line('GET /p HTTP/1.1')}`));
    await expect(readingsOf(combinedLogFormat(input, logMapping.parse({})))).rejects.toMatchObject({
      code: 'IMPORT_TRUNCATED',
      details: { line: 2 },
    });
  });

  it.each([
    ['a pattern that is none', { path: '(', type: 'PAGE_VIEW' }, 'rules.0.path: not a regular expression'],
    ['a group that is no field', { path: '^/(?<shoe>.*)$', type: 'PAGE_VIEW' }, 'rules.0.path: the group shoe names no field'],
    ['a type that is none', { path: '^/', type: 'DANCE' }, 'rules.0.type'],
  ])('refuses a mapping with %s, naming the place', async (_what, rule, place) => {
    const file = folder.write('mapping.json', JSON.stringify({ rules: [rule] }));
    await expect(readMapping(file, logMapping)).rejects.toMatchObject({
      code: 'IMPORT_MAPPING_INVALID',
      message: expect.stringContaining(place),
    });
  });
});
