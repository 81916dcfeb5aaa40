import { createTestGateway } from '../testing/test-gateway';

describe('the explorer', () => {
  it('is served whole from this machine in development', async () => {
    const { app } = await createTestGateway({ development: true });
    const page = await app.inject({ method: 'GET', url: '/explorer' });
    const files = await Promise.all(
      ['app.js', 'app.css', 'json.worker.js', 'graphql.worker.js', 'editor.worker.js'].map((name) =>
        app.inject({ method: 'GET', url: `/explorer/${name}` }),
      ),
    );
    await app.close();
    expect(page.body).toContain('/explorer/app.js');
    expect(page.body).not.toMatch(/https?:/);
    expect(files.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200]);
    expect(files[0]?.body.length).toBeGreaterThan(1_000_000);
  }, 60_000);

  it('does not exist in production', async () => {
    const { app } = await createTestGateway();
    const statuses = await Promise.all(
      ['/explorer', '/explorer/app.js'].map(async (url) => (await app.inject({ method: 'GET', url })).statusCode),
    );
    await app.close();
    expect(statuses).toEqual([404, 404]);
  });
});
