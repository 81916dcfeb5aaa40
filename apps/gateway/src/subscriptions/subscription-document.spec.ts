import { buildSchema } from 'graphql';
import { toPublicError } from '../server/public-error';
import { createSubscriptionReader, type SubscriptionReaderOptions } from './subscription-document';

const schema = buildSchema(`
  type Node { name: String child: Node children(first: Int): [Node!] }
  input Filter { ids: [ID!] }
  type Query { node: Node }
  type Mutation { change: Node }
  type Subscription { node(id: ID, filter: Filter): Node other: Node }
`);
const WATCH = 'subscription ($id: ID!) { node(id: $id) { name } }';
const nested = (depth: number): string => `subscription { node ${'{ child '.repeat(depth)} { name } ${'}'.repeat(depth)} }`;

describe('reading a subscription', () => {
  const asked = (query: string, variables: Record<string, unknown> | null = null, options: Partial<SubscriptionReaderOptions> = {}) =>
    createSubscriptionReader({ schema, showSchema: false, ...options })({ query, variables });
  const refused = (...question: Parameters<typeof asked>) => {
    const answer = asked(...question);
    return 'document' in answer ? [] : answer.map(toPublicError).map(({ code, details }) => [code, details['limit']].filter(Boolean));
  };

  it('gives the operation with its variables', () => {
    expect(asked(WATCH, { id: 'a' })).toMatchObject({ schema, operationName: null, variableValues: { id: 'a' } });
  });

  it.each([
    ['no GraphQL', 'subscription {', ['GRAPHQL_PARSE_FAILED']],
    ['an unknown field', 'subscription { nodd { name } }', ['GRAPHQL_VALIDATION_FAILED']],
    ['two root fields', 'subscription { node { name } other { name } }', ['GRAPHQL_VALIDATION_FAILED']],
    ['a query', '{ node { name } }', ['BAD_USER_INPUT']],
    ['a mutation', 'mutation { change { name } }', ['BAD_USER_INPUT']],
    ['two operations and no name', 'subscription A { node { name } } subscription B { other { name } }', ['BAD_USER_INPUT']],
    ['too deep a document', nested(12), ['OPERATION_LIMIT', 'depth']],
    ['too many tokens', `subscription { node { ${'name '.repeat(2_001)} } }`, ['OPERATION_LIMIT', 'tokens']],
    [
      'too many aliases',
      `subscription { node { ${Array.from({ length: 16 }, (_, at) => `a${at}: name`).join(' ')} } }`,
      ['OPERATION_LIMIT', 'aliases'],
    ],
    [
      'too costly a document',
      'subscription { node { children(first: 200) { children(first: 200) { name } } } }',
      ['OPERATION_LIMIT', 'cost'],
    ],
  ])('refuses %s', (_what, query, refusal) => {
    expect(refused(query)).toEqual([refusal]);
  });

  it('lets a document just within the limit of depth through', () => {
    expect(refused(nested(9))).toEqual([]);
  });

  it('refuses variables that do not fit or hold too long a list, and repeats none of them', () => {
    expect(refused(WATCH, { id: { secret: 'hunter2' } })).toEqual([['BAD_USER_INPUT']]);
    expect(JSON.stringify(asked(WATCH, { id: { secret: 'hunter2' } }))).not.toContain('hunter2');
    const list = 'subscription ($filter: Filter) { node(filter: $filter) { name } }';
    expect(refused(list, { filter: { ids: Array.from({ length: 501 }, () => 'a') } })).toEqual([['OPERATION_LIMIT', 'listLength']]);
  });

  it('hints at what the schema has in development only', () => {
    const query = 'subscription { node { nama } }';
    expect(JSON.stringify(asked(query))).not.toContain('Did you mean');
    expect(JSON.stringify(asked(query, null, { showSchema: true }))).toContain('Did you mean');
  });
});
