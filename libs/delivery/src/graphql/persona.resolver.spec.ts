import { graphql } from 'graphql';
import { buildSchema } from 'type-graphql';
import { DomainError } from '@vitrine/kernel';
import { scopesOf, type Principal, type Scope } from '@vitrine/platform';
import { AskPersona, type AskPersonaCommand } from '../application/ask-persona';
import { NOON } from '../fixtures';
import { pageBench } from '../page-fixtures';
import type { DeliveryContext } from './delivery.context';
import { PersonaResolver } from './persona.resolver';

const VIEWER: Principal = { kind: 'staff', keyId: 'k', subject: 's', role: 'viewer' };
const ASK = `query ($persona: PersonaInput!, $input: BannersInput!) { personaDecisions(persona: $persona, input: $input) { decisions {
  placementId layer ladderStep consentTier degraded selection policyVersionId stateRevision catalogRevision segmentId device context
  eligible { bannerId probability } rejected { bannerId reason } slots { position propensity banner { id landingUrl } creative { id } } } } }`;

async function setUp() {
  const bench = pageBench();
  const asked: AskPersonaCommand[] = [];
  const asking = new AskPersona(bench.deps);
  const ask = { execute: (command: AskPersonaCommand) => (asked.push(command), asking.execute(command)) };
  const resolver = new PersonaResolver({ ask, clock: bench.clock });
  const schema = await buildSchema({
    resolvers: [PersonaResolver],
    container: { get: () => resolver },
    validate: { forbidUnknownValues: true },
    authChecker: ({ context }: { readonly context: DeliveryContext }, scopes: Scope[]) =>
      scopes.every((scope) => scopesOf(context.principal).has(scope)),
  });
  const run = async (
    persona: object,
    { input = {}, principal = VIEWER }: { readonly input?: object; readonly principal?: Principal } = {},
  ) => {
    const variableValues = { persona, input: { placements: [{ id: 'home-hero', slots: 2 }], ...input } };
    const contextValue: DeliveryContext = { principal, userAgent: 'Mozilla/5.0 (iPhone) Mobile', bot: false };
    const { data, errors } = await graphql({ schema, source: ASK, variableValues, contextValue });
    const faults = (errors ?? []).map(({ originalError, path }) => ({ error: originalError, path }));
    return { data: JSON.parse(JSON.stringify(data ?? null)), faults };
  };
  return { run, asked };
}

describe('personas over GraphQL', () => {
  it('explains what a persona would be shown', async () => {
    const { run, asked } = await setUp();
    const at = new Date(NOON - 60_000).toISOString();
    const { data, faults } = await run({
      ...{ device: 'TABLET', locale: 'de-CH', traits: { tier: 'gold', gone: null }, segmentId: 's-1' },
      events: [{ type: 'PURCHASE', occurredAt: at, category: 'hats', valueMinor: 500 }],
    });
    expect(faults).toEqual([]);
    expect(data.personaDecisions.decisions).toMatchObject([
      {
        ...{
          placementId: 'home-hero',
          ladderStep: 'PERSONAL',
          consentTier: 'PERSONALIZED',
          segmentId: 's-1',
          device: 'TABLET',
          context: [1],
        },
        ...{ degraded: false, selection: 'DRAW', stateRevision: 7, catalogRevision: 5, rejected: [] },
        slots: [{ position: 0, propensity: expect.any(Number), creative: { id: expect.any(String) } }, { position: 1 }],
      },
    ]);
    expect(data.personaDecisions.decisions[0].eligible).toHaveLength(6);
    expect(asked[0]?.persona).toMatchObject({
      ...{ device: 'TABLET', locale: 'de-CH', traits: { tier: 'gold' }, personalized: true },
      events: [{ type: 'PURCHASE', occurredAt: NOON - 60_000, device: 'TABLET', valueMinor: 500, campaignId: null, throughBanner: false }],
    });
    expect(asked[0]?.persona.traits).not.toHaveProperty('gone');
    expect(asked[0]?.request.context).toMatchObject({ device: 'TABLET', locale: 'de-CH' });
  });

  it('lets the context of the request speak first, and the caller’s own browser never', async () => {
    const { run, asked } = await setUp();
    await run({ device: 'TABLET', locale: 'de-CH' }, { input: { context: { device: 'DESKTOP', locale: 'fr-CH' } } });
    expect(asked[0]?.request.context).toMatchObject({ device: 'DESKTOP', locale: 'fr-CH' });
    await run({});
    expect(asked[1]?.request.context.device).toBe('OTHER');
  });

  it('puts a coded error at the place of a placement that is not there', async () => {
    const { run } = await setUp();
    const { data, faults } = await run({}, { input: { placements: [{ id: 'nowhere' }, { id: 'home-hero' }] } });
    expect(data.personaDecisions.decisions).toEqual([null, expect.anything()]);
    expect(faults).toMatchObject([{ path: ['personaDecisions', 'decisions', 0], error: { code: 'UNKNOWN_PLACEMENT' } }]);
  });

  it.each([
    ['a trait that is none', { traits: { a: [1] } }, 'persona.traits'],
    ['an event to come', { events: [{ type: 'CLICK', occurredAt: new Date(NOON + 1).toISOString() }] }, 'persona.events.0.occurredAt'],
  ])('refuses %s and names the place', async (_, persona, field) => {
    const { run, asked } = await setUp();
    const [fault] = (await run(persona)).faults;
    expect(fault?.error).toBeInstanceOf(DomainError);
    expect(fault?.error).toMatchObject({ code: 'BAD_USER_INPUT', details: { fields: [field] } });
    expect(asked).toEqual([]);
  });

  it.each([
    ['an unread share', { events: [{ type: 'DWELL', occurredAt: new Date(0).toISOString(), scrollDepth: 2 }] }],
    ['501 events', { events: Array.from({ length: 501 }, () => ({ type: 'CLICK', occurredAt: new Date(0).toISOString() })) }],
    ['a segment that is no id', { segmentId: '$ne' }],
  ])('refuses %s', async (_, persona) => {
    const { run, asked } = await setUp();
    expect((await run(persona)).faults).toHaveLength(1);
    expect(asked).toEqual([]);
  });

  it('answers nobody who may not read decisions', async () => {
    const { run, asked } = await setUp();
    expect((await run({}, { principal: { kind: 'publishable', keyId: 'k' } })).faults).toHaveLength(1);
    expect(asked).toEqual([]);
  });
});
