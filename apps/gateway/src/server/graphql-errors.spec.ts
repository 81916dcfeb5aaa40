import { BODY_LIMIT } from './http-server';
import { createTestGateway, PUBLISHABLE_KEY, type Answer, type TestGateway } from '../testing/test-gateway';

const APP = { 'x-vitrine-key': PUBLISHABLE_KEY };
const codesOf = (answer: Answer): unknown[] => answer.errors.map((error) => error.extensions['code']);
const nested = (depth: number): string => `{ node ${'{ child '.repeat(depth)} { name } ${'}'.repeat(depth)} }`;

describe('errors of the GraphQL edge', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await createTestGateway();
  });
  afterAll(() => gateway.app.close());

  describe('faults of ours', () => {
    it('leave as INTERNAL with an id that leads to the whole story in the log', async () => {
      const answer = await gateway.ask('{ boom }', { headers: { 'x-request-id': 'request-boom' } });
      expect(answer.errors).toEqual([
        {
          message: 'Something went wrong on our side.',
          locations: [{ line: 1, column: 3 }],
          path: ['boom'],
          extensions: { code: 'INTERNAL', retryable: false, id: expect.any(String) },
        },
      ]);
      const lines = gateway.log.lines().filter((line) => line['errorId'] === answer.errors[0]?.extensions['id']);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatchObject({ requestId: 'request-boom', code: 'INTERNAL', err: { message: 'password hunter2 in a stack' } });
    });

    it('keep what they know about a dependency to themselves', async () => {
      const answer = await gateway.ask('{ away }');
      expect(JSON.stringify(answer)).not.toContain('hunter2');
      expect(answer.errors[0]).toMatchObject({
        message: 'A dependency is unavailable.',
        extensions: { code: 'DEPENDENCY_UNAVAILABLE', retryable: true },
      });
    });
  });

  it('tells a coded refusal with its details and whether to try again', async () => {
    const answer = await gateway.ask('{ refuse }');
    expect(answer.errors[0]?.extensions).toEqual({ code: 'STALE_WRITE', retryable: true, details: { revision: 7 } });
  });

  it('names the broken fields of an input and echoes none of its values', async () => {
    const answer = await gateway.ask('query ($input: OuterInput!) { decide(input: $input) }', {
      headers: APP,
      variables: { input: { visitorId: 'secret-visitor@example.com', placements: [{ slots: 1 }, { slots: 99 }] } },
    });
    expect(answer.errors[0]?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      retryable: false,
      details: { fields: ['visitorId: maxLength', 'placements.1.slots: max'] },
    });
    expect(JSON.stringify(answer)).not.toContain('secret-visitor');
    expect(gateway.log.text()).not.toContain('secret-visitor');
  });

  it('gives no hint about the schema to somebody who guesses field names', async () => {
    const answer = await gateway.ask('{ secretiv }');
    expect(codesOf(answer)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(answer.errors[0]?.message).not.toContain('secretive');
  });

  it('shows its schema in development only', async () => {
    const development = await createTestGateway({ development: true });
    const open = await development.ask('{ __schema { queryType { name } } }');
    const closed = await gateway.ask('{ __schema { queryType { name } } }');
    await development.app.close();
    expect(open.data).toEqual({ __schema: { queryType: { name: 'Query' } } });
    expect(codesOf(closed)).toEqual(['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_VALIDATION_FAILED'].slice(0, closed.errors.length));
    expect(closed.data).toBeNull();
  });

  describe('limits of an operation', () => {
    const limited = (limit: string) => [
      { message: `The operation exceeds the limit of ${limit}.`, code: 'OPERATION_LIMIT', details: { limit } },
    ];
    const refused = async (query: string, variables = {}): Promise<unknown> =>
      (await gateway.ask(query, { headers: APP, variables })).errors.map(({ message, extensions: { code, details } }) => ({
        message,
        code,
        details,
      }));

    it('bound its depth', async () => {
      expect((await gateway.ask(nested(9))).errors).toEqual([]);
      expect(await refused(nested(12))).toEqual(limited('depth'));
    });

    it('bound its aliases, those of __typename too', async () => {
      const aliases = (count: number): string => `{ ${Array.from({ length: count }, (_, i) => `a${i}: __typename`).join(' ')} }`;
      expect((await gateway.ask(aliases(15))).errors).toEqual([]);
      expect(await refused(aliases(16))).toEqual(limited('aliases'));
    });

    it('bound its directives', async () => {
      const directives = (count: number): string => `{ ${'... @include(if: true) { __typename } '.repeat(count)} }`;
      expect((await gateway.ask(directives(8))).errors).toEqual([]);
      expect(await refused(directives(9))).toEqual(limited('directives'));
    });

    it('bound its cost, pages multiplied', async () => {
      expect(await refused('{ node { children(first: 200) { children(first: 200) { name } } } }')).toEqual(limited('cost'));
    });

    it('bound its tokens', async () => {
      expect(await refused(`{ ${'__typename '.repeat(2_001)} }`)).toEqual(limited('tokens'));
    });

    it('bound the lists in its variables', async () => {
      const placements = Array.from({ length: 501 }, () => ({ slots: 1 }));
      expect(await refused('query ($input: OuterInput!) { decide(input: $input) }', { input: { visitorId: 'v', placements } })).toEqual(
        limited('listLength'),
      );
    });
  });

  describe('requests that are no GraphQL at all', () => {
    const post = (payload: string, contentType = 'application/json') =>
      gateway.app.inject({ method: 'POST', url: '/graphql', headers: { 'content-type': contentType }, payload });
    const codeOf = (body: string): unknown => JSON.parse(body).errors[0].extensions.code;

    it.each([
      ['malformed JSON', '{"query": ', 400, 'BAD_USER_INPUT'],
      ['an empty body', '', 400, 'BAD_USER_INPUT'],
      ['a poisoned prototype', '{"__proto__": {"query": "{ node { name } }"}}', 400, 'BAD_USER_INPUT'],
      ['a batch', '[{"query": "{ node { name } }"}]', 400, 'BAD_USER_INPUT'],
      ['a body over the limit', JSON.stringify({ query: ' '.repeat(BODY_LIMIT) }), 413, 'OPERATION_LIMIT'],
    ])('refuse %s with a code', async (_what, payload, status, code) => {
      const response = await post(payload);
      expect([response.statusCode, codeOf(response.body)]).toEqual([status, code]);
    });

    it('refuse what a cross-site form can send', async () => {
      const response = await post('{"query":"mutation { consent }"}', 'text/plain');
      expect([response.statusCode, codeOf(response.body)]).toEqual([415, 'BAD_USER_INPUT']);
      const get = await gateway.app.inject({ method: 'GET', url: '/graphql?query={node{name}}' });
      expect([get.statusCode, codeOf(get.body)]).toEqual([400, 'BAD_USER_INPUT']);
    });

    it('find no route with a code', async () => {
      const response = await gateway.app.inject({ method: 'GET', url: '/nothing' });
      expect([response.statusCode, codeOf(response.body)]).toEqual([404, 'NOT_FOUND']);
    });
  });
});
