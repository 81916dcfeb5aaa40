import { graphql, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { decisionId } from '@vitrine/kernel';
import { scopesOf, type Principal, type Scope } from '@vitrine/platform';
import { decidePlacement } from '../domain/decide-placement';
import { placementInputs } from '../fixtures';
import { pageBench, type PageBench } from '../page-fixtures';
import { BannersResolver } from './banners.resolver';
import { DecisionResolver } from './decision.resolver';
import type { DeliveryContext } from './delivery.context';

const PUBLISHABLE: Principal = { kind: 'publishable', keyId: 'pk' };
const SECRET: Principal = { kind: 'secret', keyId: 'sk' };
const BANNERS = `query ($input: BannersInput!) { banners(input: $input) { decisionGroupId decisions {
  decisionId placementId layer degraded stateRevision slots { position banner { id } creative { id } clickUrl token } } } }`;
const { record } = decidePlacement(placementInputs());

async function schemaOf(bench: PageBench): Promise<GraphQLSchema> {
  const decisions = {
    find: (id: string) => Promise.resolve(id === record.id ? record : null),
    replay: () => Promise.resolve({ sameSlots: true, distributionMaxError: 0, shadowMaxError: null, status: 'REPLAYED' as const }),
  };
  const instances = new Map<unknown, unknown>([
    [BannersResolver, new BannersResolver(bench.page)],
    [DecisionResolver, new DecisionResolver(decisions)],
  ]);
  return buildSchema({
    resolvers: [BannersResolver, DecisionResolver],
    container: { get: (type) => instances.get(type) },
    validate: { forbidUnknownValues: true },
    authChecker: ({ context }: { readonly context: DeliveryContext }, scopes: Scope[]) =>
      scopes.every((scope) => scopesOf(context.principal).has(scope)),
  });
}

describe('the delivery schema', () => {
  const bench = pageBench();
  let schema: GraphQLSchema;
  beforeAll(async () => {
    schema = await schemaOf(bench);
  });
  const run = (source: string, variableValues: Record<string, unknown>, principal: Principal = PUBLISHABLE): Promise<ExecutionResult> =>
    graphql({ schema, source, variableValues, contextValue: { principal, userAgent: null, bot: false } });
  const banners = (input: Record<string, unknown>, principal: Principal = PUBLISHABLE) => run(BANNERS, { input }, principal);

  it('answers banners, with a null and a coded error at the place of a failure', async () => {
    const { data, errors } = await banners({
      placements: [{ id: 'nowhere' }, { id: 'home-hero', slots: 2 }],
      context: { viewport: { width: 390, height: 800 } },
    });
    expect(data).toMatchObject({
      banners: { decisions: [null, { placementId: 'home-hero', stateRevision: null, slots: [{ position: 0 }, { position: 1 }] }] },
    });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({ path: ['banners', 'decisions', 0], originalError: { code: 'UNKNOWN_PLACEMENT' } });
    expect(bench.logged.at(-1)?.device).toBe('MOBILE');
  });

  it('tells the state revision to secret keys only', async () => {
    expect((await banners({ placements: [{ id: 'home-hero' }] }, SECRET)).data).toMatchObject({
      banners: { decisions: [{ stateRevision: 7 }] },
    });
  });

  it.each([
    ['no placement', { placements: [] }],
    ['eleven placements', { placements: Array.from({ length: 11 }, () => ({ id: 'home-hero' })) }],
    ['no slot', { placements: [{ id: 'home-hero', slots: 0 }] }],
    ['21 slots', { placements: [{ id: 'home-hero', slots: 21 }] }],
    ['a malformed id', { placements: [{ id: 'a b' }] }],
    ['a malformed visitor', { visitorId: ' ', placements: [{ id: 'home-hero' }] }],
    ['a nested feature', { placements: [{ id: 'home-hero' }], context: { features: { a: {} } } }],
    ['a viewport without extent', { placements: [{ id: 'home-hero' }], context: { viewport: { width: 0, height: 1 } } }],
  ])('refuses %s', async (_what, input) => {
    const { data, errors } = await banners(input);
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
  });

  it('explains a decision to internal callers, without its seed', async () => {
    const source = `query ($id: ID!) { decision(id: $id) { id ladderStep consentTier eligible { bannerId probability pacing } rejected { reason }
      distribution shadowDistribution selection context slots { propensity } replay { sameSlots distributionMaxError status } } }`;
    const { data, errors } = await run(source, { id: record.id }, SECRET);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      decision: {
        id: record.id,
        ladderStep: 'PERSONAL',
        distribution: Array.from(record.distribution),
        context: [1],
        shadowDistribution: null,
        selection: 'DRAW',
        replay: { sameSlots: true, status: 'REPLAYED' },
      },
    });
    expect(JSON.stringify(schema.getType('DecisionRecord')?.toConfig())).not.toContain('seed');
    expect((await run(source, { id: decisionId('019b0000-0000-7000-8000-00000000ffff') }, SECRET)).data).toEqual({ decision: null });
  });

  it('tells a publishable key nothing about decisions', async () => {
    const { data, errors } = await run('query ($id: ID!) { decision(id: $id) { id } }', { id: record.id });
    expect(data).toEqual({ decision: null });
    expect(errors).toHaveLength(1);
  });
});
