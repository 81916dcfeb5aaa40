import { serverAudits } from 'graphql-http';
import { createTestGateway, type TestGateway } from '../testing/test-gateway';

/** The audit's own fetch, with the header that tells our server apart from a cross-site form. */
const preflighted: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('apollo-require-preflight', 'true');
  return fetch(input, { ...init, headers });
};

/** These ask `__type` whether variables arrive, which production does not answer. */
const needsIntrospection = (name: string): boolean => /allow (map|URL-encoded JSON string) \{variables\}/.test(name);

describe.each([{ development: true }, { development: false }])('GraphQL over HTTP, development: $development', ({ development }) => {
  let gateway: TestGateway;
  let url = '';
  const audits = serverAudits({ url: () => url, fetchFn: preflighted });

  beforeAll(async () => {
    gateway = await createTestGateway({ development });
    url = `${await gateway.app.listen({ host: '127.0.0.1', port: 0 })}/graphql`;
  });
  afterAll(() => gateway.app.close());

  it('is audited in 61 points', () => {
    expect(audits).toHaveLength(61);
    expect(audits.filter(({ name }) => needsIntrospection(name))).toHaveLength(4);
  });

  it.each(audits.filter(({ name }) => development || !needsIntrospection(name)).map((audit) => [audit.name, audit] as const))(
    'passes: %s',
    async (_name, audit) => {
      const result = await audit.fn();
      expect({ status: result.status, reason: 'reason' in result ? result.reason : '' }).toEqual({ status: 'ok', reason: '' });
    },
  );
});
