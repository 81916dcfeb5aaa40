import 'reflect-metadata';
import { graphql } from 'graphql';
import { buildSchema } from 'type-graphql';
import type { QuarantineListing, QuarantinePlace } from '../application/quarantine.ports';
import type { RedriveRequest } from '../application/redrive-quarantined';
import { QuarantineResolver, type QuarantineResolverDependencies } from './quarantine.resolver';

const AT = Date.UTC(2026, 0, 5, 12);
const row = (id: string): QuarantineListing => ({
  id,
  eventId: `event-${id}`,
  rule: 'bot',
  code: 'BOT',
  type: 'CLICK',
  at: AT,
  redrivable: true,
  redrivenAt: null,
});

async function setUp(scopes: readonly string[] = ['quarantine:read', 'quarantine:redrive']) {
  const asked: { filter: unknown; first: number; after: QuarantinePlace | null }[] = [];
  const driven: RedriveRequest[] = [];
  const dependencies: QuarantineResolverDependencies = {
    quarantine: {
      list: async (filter, page) => {
        asked.push({ filter, ...page });
        return { rows: [row('b'), row('a')], hasNextPage: page.after === null };
      },
    },
    redrive: {
      execute: async (request) => {
        driven.push(request);
        return { queued: 2, skipped: 1, more: false };
      },
    },
  };
  const resolver = new QuarantineResolver(dependencies);
  const schema = await buildSchema({
    resolvers: [QuarantineResolver],
    container: { get: () => resolver },
    validate: { forbidUnknownValues: true },
    authChecker: (_, roles) => roles.every((role) => scopes.includes(role)),
  });
  const run = (source: string, variableValues: Readonly<Record<string, unknown>> = {}) => graphql({ schema, source, variableValues });
  return { run, asked, driven };
}

const LIST = `query ($rule: String, $first: Int, $after: String) {
  quarantinedEvents(filter: { rule: $rule }, first: $first, after: $after) {
    edges { node { id eventId rule code type receivedAt redrivable redrivenAt } }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}`;

describe('the quarantine over GraphQL', () => {
  it('lists a page of one rule and goes on from its last cursor', async () => {
    const { run, asked } = await setUp();
    const first = JSON.parse(JSON.stringify(await run(LIST, { rule: 'bot', first: 2 })));
    const { edges, pageInfo } = first.data.quarantinedEvents;
    expect(edges[0].node).toMatchObject({ id: 'b', eventId: 'event-b', rule: 'bot', code: 'BOT', type: 'CLICK', redrivable: true });
    expect(pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = JSON.parse(JSON.stringify(await run(LIST, { rule: 'bot', after: pageInfo.endCursor })));
    expect(second.data.quarantinedEvents.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(asked).toMatchObject([
      { filter: { rule: 'bot' }, first: 2, after: null },
      { filter: { rule: 'bot' }, first: 20, after: { at: AT, id: 'a' } },
    ]);
  });

  it.each([
    ['a page without rows', { first: 0 }],
    ['a page beyond the limit', { first: 101 }],
    ['a cursor that is none', { after: 'nonsense' }],
  ])('refuses %s with a coded error', async (_, variables) => {
    const { run, asked } = await setUp();
    const { errors } = await run(LIST, variables);
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(asked).toEqual([]);
  });

  it('drives again by ids or by filter', async () => {
    const { run, driven } = await setUp();
    const answer = await run('mutation { redriveQuarantined(ids: ["a", "b", "x"]) { queued skipped more } }');
    expect(answer.data).toMatchObject({ redriveQuarantined: { queued: 2, skipped: 1, more: false } });
    await run('mutation { redriveQuarantined(filter: { rule: "bot" }) { queued } }');
    expect(driven).toEqual([
      { ids: ['a', 'b', 'x'], filter: null },
      { ids: null, filter: { rule: 'bot', eventId: null, from: null, before: null } },
    ]);
  });

  it('lets nobody read or drive without the scope for it', async () => {
    const { run, asked, driven } = await setUp([]);
    expect((await run(LIST)).errors).toHaveLength(1);
    expect((await run('mutation { redriveQuarantined(ids: ["a"]) { queued } }')).errors).toHaveLength(1);
    expect([...asked, ...driven]).toEqual([]);
  });
});
