import 'reflect-metadata';
import { graphql } from 'graphql';
import { buildSchema } from 'type-graphql';
import { visitorHash, type VisitorId } from '@vitrine/kernel';
import type { TimelineEvent, TimelineQuery } from '../application/timeline.ports';
import { TimelineResolver } from './timeline.resolver';

const AT = Date.UTC(2026, 0, 5, 12);
const HASH = visitorHash('0123456789abcdef0123456789abcdef');
const event = (id: string, over: Partial<TimelineEvent> = {}): TimelineEvent => ({
  id,
  type: 'PURCHASE',
  occurredAt: AT,
  receivedAt: AT + 5,
  device: 'MOBILE',
  ...{ decisionId: null, slot: null, placementId: null, bannerId: null, productId: null, category: 'hats' },
  ...{ amountMinor: 200, currency: 'EUR', dwellMs: null, notes: [{ rule: 'currency', was: { amountMinor: 400, currency: 'USD' } }] },
  ...over,
});

async function setUp(scopes: readonly string[] = ['profile:read']) {
  const asked: TimelineQuery[] = [];
  const persons: VisitorId[] = [];
  const resolver = new TimelineResolver({
    timeline: {
      list: async (query) => {
        asked.push(query);
        return { events: [event('b'), event('a', { notes: [{ rule: 'outlier', was: 7 }] })], hasNextPage: query.after === null };
      },
    },
    hashesOf: async (id) => {
      persons.push(id);
      return [HASH];
    },
  });
  const schema = await buildSchema({
    resolvers: [TimelineResolver],
    container: { get: () => resolver },
    validate: { forbidUnknownValues: true },
    authChecker: (_, roles) => roles.every((role) => scopes.includes(role)),
  });
  const run = async (variableValues: Readonly<Record<string, unknown>>) => {
    const { data, errors } = await graphql({ schema, source: READ, variableValues: { id: 'anna', ...variableValues } });
    return { data: JSON.parse(JSON.stringify(data ?? null)), errors: errors ?? [] };
  };
  return { run, asked, persons };
}

const READ = `query ($id: ID!, $types: [EventType!], $first: Int, $after: String) {
  profileTimeline(visitorId: $id, types: $types, first: $first, after: $after) {
    edges { node { id type occurredAt receivedAt category amountMinor currency cleaning { rule was wasCurrency } } }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}`;

describe('the timeline over GraphQL', () => {
  it('gives a page of the person and goes on from its last cursor', async () => {
    const { run, asked, persons } = await setUp();
    const { edges, pageInfo } = (await run({ first: 2, types: ['PURCHASE'] })).data.profileTimeline;
    expect(edges.map(({ node }: { node: unknown }) => node)).toMatchObject([
      { id: 'b', occurredAt: '2026-01-05T12:00:00.000Z', amountMinor: 200, cleaning: [{ rule: 'currency', was: 400, wasCurrency: 'USD' }] },
      { id: 'a', cleaning: [{ rule: 'outlier', was: 7, wasCurrency: null }] },
    ]);
    expect(pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect((await run({ after: pageInfo.endCursor })).data.profileTimeline.pageInfo).toMatchObject({
      hasNextPage: false,
      hasPreviousPage: true,
    });
    expect(persons).toEqual(['anna', 'anna']);
    expect(asked).toEqual([
      { hashes: [HASH], types: ['PURCHASE'], first: 2, after: null },
      { hashes: [HASH], types: null, first: 20, after: { at: AT, id: 'a' } },
    ]);
  });

  it.each([
    ['a page without rows', { first: 0 }],
    ['a page beyond the limit', { first: 101 }],
    ['a cursor that is none', { after: 'nonsense' }],
  ])('refuses %s with a coded error that names the argument', async (_, variables) => {
    const { run, asked } = await setUp();
    const { errors } = await run(variables);
    expect(errors[0]?.originalError).toMatchObject({ code: 'BAD_USER_INPUT', details: { fields: Object.keys(variables) } });
    expect(asked).toEqual([]);
  });

  it('is for nobody without the scope', async () => {
    const { run, asked } = await setUp([]);
    expect((await run({})).errors).toHaveLength(1);
    expect(asked).toEqual([]);
  });
});
