import { DomainError } from '@vitrine/kernel';
import { createTestGateway, ORIGIN, PUBLISHABLE_KEY, SECRET_KEY, staffToken, userToken, type TestGateway } from '../testing/test-gateway';

const EVENTS = [{ eventId: 'a' }, { eventId: 'b' }];

describe('POST /v1/events', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await createTestGateway();
  });
  afterEach(() => gateway.app.close());

  const send = (body: unknown, { url = '/v1/events', headers = {} }: { url?: string; headers?: Record<string, string> } = {}) =>
    gateway.app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'text/plain;charset=UTF-8', ...headers },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const codeOf = (response: { body: string }): unknown => JSON.parse(response.body).errors[0].extensions.code;

  it.each([
    ['in the address', () => send({ events: EVENTS }, { url: `/v1/events?key=${PUBLISHABLE_KEY}` })],
    ['in the body', () => send({ key: PUBLISHABLE_KEY, events: EVENTS })],
    ['in a header, as JSON', () => send(EVENTS, { headers: { 'x-vitrine-key': PUBLISHABLE_KEY, 'content-type': 'application/json' } })],
  ])('takes events from a beacon that carries its key %s', async (_where, sent) => {
    const response = await sent();
    expect(response.statusCode).toBe(202);
    expect(response.json()).toEqual({
      results: [
        { eventId: 'e0', status: 'ACCEPTED', code: null },
        { eventId: 'e1', status: 'ACCEPTED', code: null },
      ],
    });
    expect(gateway.batches).toMatchObject([{ events: EVENTS, principal: { kind: 'publishable' } }]);
  });

  it('hands on the name of a call, and refuses one that is none', async () => {
    const named = (name: string) => send(EVENTS, { headers: { 'x-vitrine-key': SECRET_KEY, 'idempotency-key': name } });
    expect((await named('import-1:500')).statusCode).toBe(202);
    expect(gateway.batches).toMatchObject([{ call: 'import-1:500' }]);
    expect((await send({ key: PUBLISHABLE_KEY, events: EVENTS })).statusCode).toBe(202);
    expect(gateway.batches[1]).toMatchObject({ call: null });
    const refused = await named('no spaces');
    expect([refused.statusCode, codeOf(refused)]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('binds the visitor of a user token in the body', async () => {
    await send({ key: PUBLISHABLE_KEY, userToken: await userToken(), events: EVENTS });
    expect(gateway.batches[0]?.principal).toMatchObject({ kind: 'visitor', userId: 'user-1' });
  });

  it.each([
    ['without a key', { events: EVENTS }, 401, 'UNAUTHENTICATED'],
    ['with an unknown key', { key: 'pk_unknown_0123456789', events: EVENTS }, 401, 'UNAUTHENTICATED'],
    ['without events', { key: PUBLISHABLE_KEY }, 400, 'EVENT_MALFORMED'],
    ['with too many events', { key: PUBLISHABLE_KEY, events: Array.from({ length: 501 }, () => ({})) }, 413, 'EVENT_TOO_LARGE'],
    ['that is not JSON', 'events=1', 400, 'BAD_USER_INPUT'],
    ['that is too large', { key: PUBLISHABLE_KEY, events: ['x'.repeat(256 * 1_024)] }, 413, 'EVENT_TOO_LARGE'],
  ])('refuses a beacon %s', async (_what, body, status, code) => {
    const response = await send(body);
    expect([response.statusCode, codeOf(response)]).toEqual([status, code]);
    expect(gateway.batches).toEqual([]);
  });

  it('tells beacons from inside the shop, and not those of a server that stands there', async () => {
    const inside = await createTestGateway({ internalNetworks: ['127.0.0.0/8'] });
    const beacon = (key: string) => ({ method: 'POST', url: '/v1/events', headers: { 'x-vitrine-key': key }, payload: EVENTS }) as const;
    for (const key of [PUBLISHABLE_KEY, SECRET_KEY]) await inside.app.inject(beacon(key));
    await gateway.app.inject(beacon(PUBLISHABLE_KEY));
    await inside.app.close();
    expect([...inside.batches, ...gateway.batches].map(({ internal }) => internal)).toEqual([true, false, false]);
  });

  it('refuses staff, who have no events to send', async () => {
    const response = await send(EVENTS, { headers: { authorization: `Bearer ${await staffToken({ role: 'admin' })}` } });
    expect([response.statusCode, codeOf(response)]).toEqual([403, 'FORBIDDEN']);
  });

  it('refuses a secret key in an address', async () => {
    const response = await send({ events: EVENTS }, { url: `/v1/events?key=${SECRET_KEY}` });
    expect([response.statusCode, codeOf(response)]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('answers the configured origins and its own, and stops others before their events count', async () => {
    const from = (origin: string) => send({ key: PUBLISHABLE_KEY, events: EVENTS }, { headers: { origin, host: 'gateway.example' } });
    const [shop, own, evil] = [await from(ORIGIN), await from('https://gateway.example'), await from('https://evil.example')];
    expect([shop.statusCode, shop.headers['access-control-allow-origin']]).toEqual([202, ORIGIN]);
    expect(own.statusCode).toBe(202);
    expect([evil.statusCode, codeOf(evil), evil.headers['access-control-allow-origin']]).toEqual([403, 'FORBIDDEN', undefined]);
    expect(gateway.batches).toHaveLength(2);
  });

  it('lets browsers of a configured origin ask first', async () => {
    const preflight = (origin: string) =>
      gateway.app.inject({
        method: 'OPTIONS',
        url: '/v1/events',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-vitrine-key' },
      });
    const [shop, evil] = [await preflight(ORIGIN), await preflight('https://evil.example')];
    expect(shop.headers['access-control-allow-origin']).toBe(ORIGIN);
    expect(shop.headers['access-control-allow-headers']).toContain('x-vitrine-key');
    expect(evil.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('says that events cannot be taken while the queue is away', async () => {
    const broken = await createTestGateway({
      ingest: async () => {
        throw new DomainError('QUEUE_UNAVAILABLE', 'redis://secret is away');
      },
    });
    const response = await broken.app.inject({ method: 'POST', url: '/v1/events', payload: { key: PUBLISHABLE_KEY, events: EVENTS } });
    await broken.app.close();
    expect(response.statusCode).toBe(503);
    expect(response.json().errors).toEqual([
      { message: 'Events cannot be taken right now.', extensions: { code: 'QUEUE_UNAVAILABLE', retryable: true, id: expect.any(String) } },
    ]);
  });
});
