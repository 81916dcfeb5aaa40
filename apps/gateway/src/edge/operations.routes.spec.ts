import { createTestGateway, PUBLISHABLE_KEY, SECRET_KEY, type TestGateway } from '../testing/test-gateway';

describe("the operations' routes", () => {
  let gateway: TestGateway;
  let catalogLoaded = false;
  let mongo: 'up' | 'down' = 'up';
  beforeAll(async () => {
    gateway = await createTestGateway({ catalogLoaded: () => catalogLoaded, mongo: () => mongo });
  });
  afterAll(() => gateway.app.close());
  const get = (url: string, headers: Record<string, string> = {}) => gateway.app.inject({ method: 'GET', url, headers });

  it('report ready from the first catalogue until draining, whatever becomes of the databases', async () => {
    expect((await get('/readyz')).statusCode).toBe(503);
    catalogLoaded = true;
    mongo = 'down';
    const serving = await get('/readyz');
    expect(serving.statusCode).toBe(200);
    expect(serving.json()).toEqual({ ready: true, draining: false, catalogLoaded: true, dependencies: { mongo: 'down' } });
    gateway.readiness.drain();
    const draining = await get('/readyz');
    expect(draining.statusCode).toBe(503);
    expect(draining.json()).toMatchObject({ ready: false, draining: true });
    expect((await get('/livez')).statusCode).toBe(200);
  });

  it('measure operations by field and outcome, never by a name the caller invents', async () => {
    await gateway.ask('query Invented { node { name } }');
    await gateway.ask('{ boom }');
    const { body } = await get('/metrics');
    expect(body).toMatch(/operation_seconds_count\{.*field="node",outcome="ok"\} 1/);
    expect(body).toMatch(/operation_seconds_count\{.*field="boom",outcome="error"\} 1/);
    expect(body).not.toContain('Invented');
  });

  it('show metrics to this machine and to callers who may read insight', async () => {
    const proxied = { 'x-forwarded-for': '203.0.113.9' };
    const statuses = await Promise.all([
      get('/metrics'),
      get('/metrics', proxied),
      get('/metrics', { ...proxied, 'x-vitrine-key': PUBLISHABLE_KEY }),
      get('/metrics', { ...proxied, 'x-vitrine-key': SECRET_KEY }),
    ]);
    expect(statuses.map(({ statusCode }) => statusCode)).toEqual([200, 401, 403, 200]);
  });

  it('answer with the id of the request, theirs if it is harmless', async () => {
    expect((await get('/livez', { 'x-request-id': 'trace-0001' })).headers['x-request-id']).toBe('trace-0001');
    expect((await get('/livez', { 'x-request-id': 'a\tb' })).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('come with the headers that keep a browser from making anything of an answer', async () => {
    expect((await get('/livez')).headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    });
  });
});
