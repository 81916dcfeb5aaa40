import { DomainError, placementId, type PolicyVersionId } from '@vitrine/kernel';
import { POLICIES } from '@vitrine/bandit';
import { scopesOf, type Principal, type Scope } from '@vitrine/platform';
import { useMongo } from '@vitrine/testing';
import { graphql, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import type { PolicyLearningReader } from '../application/ports';
import { catalogApplication, type CatalogApplication } from '../store/catalog.int-fixtures';
import { CatalogResolver } from './catalog.resolver';
import type { CatalogContext } from './catalog.context';
import { PolicyResolver } from './policy.resolver';

const admin: Principal = { kind: 'staff', keyId: 'k', subject: 'ada', role: 'admin' };

const ASKED: (readonly PolicyVersionId[])[] = [];
const LEARNING: PolicyLearningReader = {
  heads(ids) {
    ASKED.push(ids);
    const learned = ids.filter((id) => id.endsWith('@1'));
    return Promise.resolve(
      new Map(learned.map((id) => [id, { revision: 4, cursor: 9, entries: 12, layout: 'linear/2/38', priorId: null, updatedAt: 5 }])),
    );
  },
};

async function schemaOf(app: CatalogApplication): Promise<GraphQLSchema> {
  const instances = new Map<unknown, object>([
    [CatalogResolver, new CatalogResolver(app)],
    [PolicyResolver, new PolicyResolver({ ...app, learning: LEARNING })],
  ]);
  return buildSchema({
    resolvers: [CatalogResolver, PolicyResolver],
    container: { get: (cls: unknown) => instances.get(cls) },
    validate: { forbidUnknownValues: true },
    authChecker: ({ context }: { context: CatalogContext }, scopes: Scope[]) =>
      scopes.every((scope) => scopesOf(context.principal).has(scope)),
  });
}

describe('catalogue over GraphQL', () => {
  const mongo = useMongo();
  let schema: GraphQLSchema;
  let app: CatalogApplication;

  beforeAll(async () => {
    app = await catalogApplication(mongo.connection());
    schema = await schemaOf(app);
  });

  const ask = async (source: string, principal: Principal = admin): Promise<ExecutionResult> =>
    graphql({ schema, source, contextValue: { principal } satisfies CatalogContext });
  const codeOf = ({ errors }: ExecutionResult): unknown => {
    const original = errors?.[0]?.originalError;
    return original instanceof DomainError ? [original.code, original.details['field']] : errors?.[0]?.message;
  };

  it('creates, patches and reads a placement, a campaign and its banners', async () => {
    const created = await ask(`mutation {
      upsertPlacement(input: { id: "home-hero", surface: HOMEPAGE, name: "Hero", sizes: [{ device: MOBILE, sizes: [{ width: 320, height: 100 }] }],
        reward: { weights: [{ event: PURCHASE, weight: 5 }], max: 10 } }) { revision sizes { device sizes { width } } reward { weights { event weight } max aggregation } }
      upsertCampaign(input: { id: "spring", name: "Spring", placementIds: ["home-hero"], startsAt: "2026-01-01T00:00:00.000Z",
        dayParts: [{ fromMinute: 1320, toMinute: 360 }], frequencyCap: { limit: 3, windowMs: 86400000 } }) { revision startsAt dayParts { weekdays } banners { id } }
      upsertBanner(input: { id: "shoe", campaignId: "spring", name: "Shoe", landingUrl: "https://shop.example/", tags: ["new"],
        creatives: [{ id: "k", media: IMAGE, width: 320, height: 100, url: "https://cdn.example/k.png" }] }) { revision tags creatives { devices locale altText } banner { id } }
    }`);
    expect(created).toEqual({
      data: {
        upsertPlacement: {
          revision: 1,
          sizes: [{ device: 'MOBILE', sizes: [{ width: 320 }] }],
          reward: { weights: [{ event: 'PURCHASE', weight: 5 }], max: 10, aggregation: 'FIRST' },
        },
        upsertCampaign: { revision: 2, startsAt: new Date('2026-01-01T00:00:00.000Z'), dayParts: [{ weekdays: [] }], banners: [] },
        upsertBanner: { revision: 3, tags: ['new'], creatives: [{ devices: [], locale: null, altText: '' }], banner: { id: 'shoe' } },
      },
    });
    await ask('mutation { upsertCampaign(input: { id: "spring", startsAt: null, tier: 2 }) { id } }');
    const read = await ask(`{ placements { id } placement(id: "home-hero") { name } none: placement(id: "x") { id }
      campaigns { edges { node { id tier startsAt frequencyCap { limit windowMs } banners { id campaignId } } } } }`);
    expect(read).toEqual({
      data: {
        placements: [{ id: 'home-hero' }],
        placement: { name: 'Hero' },
        none: null,
        campaigns: {
          edges: [
            {
              node: {
                id: 'spring',
                tier: 2,
                startsAt: null,
                frequencyCap: { limit: 3, windowMs: 86_400_000 },
                banners: [{ id: 'shoe', campaignId: 'spring' }],
              },
            },
          ],
        },
      },
    });
  });

  it('pages through campaigns and filters them', async () => {
    for (const id of ['p1', 'p2', 'p3'])
      await ask(`mutation { upsertCampaign(input: { id: "${id}", name: "Page.${id}", enabled: ${id !== 'p2'} }) { id } }`);
    const page = (after: string): string =>
      `{ campaigns(filter: { text: "page." }, first: 2${after}) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }`;
    const first = await ask(page(''));
    expect(first.data).toMatchObject({
      campaigns: { edges: [{ node: { id: 'p1' } }, { node: { id: 'p2' } }], pageInfo: { hasNextPage: true } },
    });
    const cursor = Buffer.from('campaign:p2').toString('base64url');
    expect(first.data).toMatchObject({ campaigns: { pageInfo: { endCursor: cursor } } });
    const second = await ask(page(`, after: "${cursor}"`));
    expect(second.data).toMatchObject({ campaigns: { edges: [{ node: { id: 'p3' } }], pageInfo: { hasNextPage: false } } });
    expect((await ask('{ campaigns(filter: { enabled: false }) { edges { node { id } } } }')).data).toEqual({
      campaigns: { edges: [{ node: { id: 'p2' } }] },
    });
    expect((await ask('{ campaigns(filter: { placementId: "home-hero" }) { edges { node { id } } } }')).data).toEqual({
      campaigns: { edges: [{ node: { id: 'spring' } }] },
    });
    expect((await ask('{ campaigns(filter: { text: ".*" }) { edges { node { id } } } }')).data).toEqual({ campaigns: { edges: [] } });
    expect(codeOf(await ask('{ campaigns(after: "bm9uc2Vuc2U") { edges { cursor } } }'))).toEqual(['BAD_USER_INPUT', 'after']);
    expect(codeOf(await ask('{ campaigns(first: 101) { edges { cursor } } }'))).toEqual(['BAD_USER_INPUT', 'first']);
  });

  it('publishes and rolls back policies in the name of the caller', async () => {
    const publish = `mutation { publishPolicy(input: { placementId: "home-hero", policy: "linear-thompson", floor: 0.1, features: [
      { name: "device", source: { kind: CONTEXT, name: "device" }, encoding: { kind: ONEHOT, values: ["MOBILE"] } },
      { name: "visits", source: { kind: BEHAVIOUR, name: "visits" }, encoding: { kind: NUMERIC, scale: 2 } },
      { name: "segment", source: { kind: SEGMENT }, encoding: { kind: HASH, buckets: 4 } }
      { name: "place", source: { kind: EMBEDDING, name: "3" }, encoding: { kind: NUMERIC } } ] })
      { id live dimension createdBy floor features { name source { kind name } encoding { kind values scale buckets } } } }`;
    const published = await ask(publish);
    expect(published.errors).toBeUndefined();
    expect(published.data).toMatchObject({
      publishPolicy: { id: 'home-hero@1', live: true, dimension: 8, createdBy: 'staff:ada', floor: 0.1 },
    });
    expect(published.data?.['publishPolicy']).toMatchObject({
      features: [
        { name: 'device', source: { kind: 'CONTEXT', name: 'device' }, encoding: { kind: 'ONEHOT', values: ['MOBILE'] } },
        { name: 'visits', source: { kind: 'BEHAVIOUR', name: 'visits' }, encoding: { kind: 'NUMERIC', scale: 2 } },
        { name: 'segment', source: { kind: 'SEGMENT', name: null }, encoding: { kind: 'HASH', buckets: 4 } },
        { name: 'place', source: { kind: 'EMBEDDING', name: '3' }, encoding: { kind: 'NUMERIC', scale: 1 } },
      ],
    });
    await ask(publish);
    expect((await ask('mutation { rollbackPolicy(placementId: "home-hero") { id live } }')).data).toEqual({
      rollbackPolicy: { id: 'home-hero@1', live: true },
    });
    expect((await ask('{ policies(placementId: "home-hero") { id live } }')).data).toEqual({
      policies: [
        { id: 'home-hero@2', live: false },
        { id: 'home-hero@1', live: true },
      ],
    });
  });

  it('tells how far versions have learned, with one question for all and none where nobody asks', async () => {
    ASKED.length = 0;
    await ask('{ policies(placementId: "home-hero") { id } }');
    expect(ASKED).toEqual([]);
    const learning = '{ id learning { stateRevision cursor entriesFolded layout updatedAt } }';
    expect((await ask(`{ policies(placementId: "home-hero") ${learning} }`)).data).toEqual({
      policies: [
        { id: 'home-hero@2', learning: null },
        {
          id: 'home-hero@1',
          learning: { stateRevision: 4, cursor: 9, entriesFolded: 12, layout: 'linear/2/38', updatedAt: new Date(5) },
        },
      ],
    });
    expect(ASKED).toEqual([['home-hero@2', 'home-hero@1']]);
  });

  it('lists every policy as publishing takes it', async () => {
    const { data, errors } = await ask(`{ policyDefinitions { name summary contextual deterministic family rewards paper
      complexity { decide learn state } parameters { name kind description default min max whole unit options maxLength } } }`);
    expect(errors).toBeUndefined();
    const definitions: readonly { readonly name: string }[] = JSON.parse(JSON.stringify(data?.['policyDefinitions']));
    expect(definitions.map(({ name }) => name)).toEqual(POLICIES.map(({ name }) => name));
    const named = (name: string) => definitions.find((definition) => definition.name === name);
    expect(named('logistic-thompson')).toMatchObject({ rewards: 'UNIT', contextual: true });
    expect(named('shadow')).toMatchObject({
      parameters: [
        { name: 'policy', kind: 'POLICY', default: { name: 'beta-thompson', params: {} }, min: null },
        { name: 'shadow', kind: 'POLICY' },
      ],
    });
    expect(named('warm-up')).toMatchObject({ parameters: [{}, { kind: 'NUMBER', default: 50, min: 1, whole: true, unit: 'trials' }] });
    expect(named('fixed-order')).toMatchObject({ parameters: [{ kind: 'LIST', default: [] }] });
  });

  it('takes a policy within a policy as JSON, inline and as a variable, and gives it back', async () => {
    const params = { policy: { name: 'epsilon-greedy', params: { epsilon: 0.2 } }, shadow: { name: 'uniform', params: {} } };
    const fields = '{ policy params sticky { periodMinutes } }';
    const inline = `mutation { publishPolicy(input: { placementId: "home-hero", policy: "shadow", sticky: { periodMinutes: 5 },
      params: { policy: { name: "epsilon-greedy", params: { epsilon: 0.2 } }, shadow: { name: "uniform", params: {} } } }) ${fields} }`;
    const stored = { policy: 'shadow', params, sticky: { periodMinutes: 5 } };
    expect(await ask(inline)).toEqual({ data: { publishPolicy: stored } });
    const source = `mutation ($input: PublishPolicyInput!) { publishPolicy(input: $input) ${fields} }`;
    const variable = (input: object): Promise<ExecutionResult> =>
      graphql({ schema, source, variableValues: { input: { placementId: 'home-hero', ...input } }, contextValue: { principal: admin } });
    expect(await variable({ policy: 'shadow', params })).toEqual({ data: { publishPolicy: { ...stored, sticky: null } } });
    expect(await variable({})).toMatchObject({ data: { publishPolicy: { policy: 'beta-thompson' } } });
    const { data } = await ask('{ policies(placementId: "home-hero") { policy params sticky { periodMinutes } } }');
    expect(data).toMatchObject({ policies: [{ policy: 'beta-thompson' }, { params, sticky: null }, stored, {}, {}] });
    const bad = { policy: 'shadow', params: { ...params, shadow: { name: 'uniform', params: { warp: 1 } } } };
    expect(codeOf(await variable(bad))).toEqual(['POLICY_PARAMETER_INVALID', 'policy.params.shadow.warp']);
    expect(codeOf(await variable({ sticky: { periodMinutes: 0 } }))).toEqual(['BAD_USER_INPUT', 'policy.sticky.periodMinutes']);
  });

  it('answers faults of the caller by code and field', async () => {
    const coordinate = (name: string): string => `mutation { publishPolicy(input: { placementId: "home-hero", features: [
      { name: "place", source: { kind: EMBEDDING, name: "${name}" }, encoding: { kind: NUMERIC } } ] }) { id } }`;
    for (const name of ['', 'first', '-1', '1.5', '256']) {
      expect(codeOf(await ask(coordinate(name)))).toEqual(['FEATURE_SCHEMA_INVALID', 'features[0].source.component']);
    }
    expect(codeOf(await ask('mutation { upsertCampaign(input: { id: "spring", audience: "((" }) { id } }'))).toEqual([
      'RULE_INVALID',
      'audience',
    ]);
    expect(codeOf(await ask('mutation { upsertCampaign(input: { id: "spring", tier: 1, expectedRevision: 1 }) { id } }'))).toEqual([
      'STALE_WRITE',
      undefined,
    ]);
    expect(codeOf(await ask('mutation { upsertPlacement(input: { id: "a b", name: "x" }) { id } }'))).toEqual([
      'BAD_USER_INPUT',
      'placementId',
    ]);
  });

  const REWARD = `reward { weights { event weight } valueWeight valueTransform { kind capMinor scaleMinor }
    delayDiscount { kind halfLifeMs } aggregation defaultReward min max }`;
  const rewarded = (reward: string): string =>
    `mutation { upsertPlacement(input: { id: "shop", surface: HOMEPAGE, name: "Shop", reward: { ${reward} } }) { ${REWARD} } }`;

  it('stores a reward function, gives it back and hands it to the loader as it was written', async () => {
    const written = await ask(
      rewarded(`weights: [{ event: CLICK, weight: 0.1 }, { event: REFUND, weight: -1 }], valueWeight: 0.5, aggregation: SUM, min: -2, max: 5,
        defaultReward: -0.1, valueTransform: { kind: LOG, scaleMinor: 5000 }, delayDiscount: { kind: EXPONENTIAL, halfLifeMs: 21600000 }`),
    );
    const reward = {
      weights: [
        { event: 'CLICK', weight: 0.1 },
        { event: 'REFUND', weight: -1 },
      ],
      valueWeight: 0.5,
      valueTransform: { kind: 'LOG', capMinor: null, scaleMinor: 5_000 },
      delayDiscount: { kind: 'EXPONENTIAL', halfLifeMs: 21_600_000 },
      aggregation: 'SUM',
      defaultReward: -0.1,
      min: -2,
      max: 5,
    };
    expect(written).toEqual({ data: { upsertPlacement: { reward } } });
    expect(await ask(`{ placement(id: "shop") { ${REWARD} } }`)).toEqual({ data: { placement: { reward } } });
    expect((await app.loader.load()).placements.get(placementId('shop'))?.reward).toEqual({
      weights: { CLICK: 0.1, REFUND: -1 },
      valueWeight: 0.5,
      valueTransform: { kind: 'LOG', scaleMinor: 5_000 },
      delayDiscount: { kind: 'EXPONENTIAL', halfLifeMs: 21_600_000 },
      aggregation: 'SUM',
      defaultReward: -0.1,
      min: -2,
      max: 5,
    });
    // The reward is one value: what a change leaves out of it is gone.
    const none = {
      valueTransform: { kind: 'NONE', capMinor: null, scaleMinor: null },
      delayDiscount: { kind: 'LINEAR', halfLifeMs: null },
    };
    const replaced = await ask(rewarded('weights: [{ event: CLICK, weight: 1 }], delayDiscount: { kind: LINEAR }'));
    expect(replaced.data).toMatchObject({ upsertPlacement: { reward: none } });
  });

  it('reads a reward that was stored before transforms and discounts existed as one without', async () => {
    await ask(rewarded('weights: [{ event: CLICK, weight: 1 }], valueTransform: { kind: CAP, capMinor: 9 }'));
    await mongo
      .connection()
      .collection<{ _id: string }>('placements')
      .updateOne({ _id: 'shop' }, { $unset: { 'reward.valueTransform': '', 'reward.delayDiscount': '' } });
    expect((await ask(`{ placement(id: "shop") { ${REWARD} } }`)).data).toMatchObject({
      placement: { reward: { valueTransform: { kind: 'NONE' }, delayDiscount: { kind: 'NONE', halfLifeMs: null } } },
    });
    expect((await ask('mutation { upsertPlacement(input: { id: "shop", slots: 2 }) { slots } }')).errors).toBeUndefined();
    expect((await app.loader.load()).placements.get(placementId('shop'))?.reward).toEqual({
      weights: { CLICK: 1 },
      valueWeight: 0,
      aggregation: 'FIRST',
      defaultReward: 0,
      min: 0,
      max: 1,
    });
  });

  it.each([
    ['valueTransform: { kind: CAP }', 'reward.valueTransform.capMinor'],
    ['valueTransform: { kind: CAP, capMinor: 0 }', 'reward.valueTransform.capMinor'],
    ['valueTransform: { kind: CAP, capMinor: 100, scaleMinor: 100 }', 'reward.valueTransform.scaleMinor'],
    ['valueTransform: { kind: LOG, scaleMinor: 0.5 }', 'reward.valueTransform.scaleMinor'],
    ['valueTransform: { kind: NONE, capMinor: 100 }', 'reward.valueTransform.capMinor'],
    ['delayDiscount: { kind: EXPONENTIAL, halfLifeMs: -1 }', 'reward.delayDiscount.halfLifeMs'],
    ['delayDiscount: { kind: LINEAR, halfLifeMs: 60000 }', 'reward.delayDiscount.halfLifeMs'],
    ['min: 1, max: 1', 'reward.max'],
    ['defaultReward: 2', 'reward.defaultReward'],
    ['valueWeight: 1e300', 'reward.valueWeight'],
  ])('refuses a reward with %s and names the field', async (fault, field) => {
    const refused = await ask(rewarded(`weights: [{ event: CLICK, weight: 1 }], ${fault}`));
    expect(codeOf(refused)).toEqual(['BAD_USER_INPUT', field]);
  });

  it('refuses a weight given twice', async () => {
    const twice = 'weights: [{ event: CLICK, weight: 1 }, { event: CLICK, weight: 2 }]';
    expect(codeOf(await ask(rewarded(twice)))).toEqual(['BAD_USER_INPUT', 'reward.weights']);
  });

  it('gives each caller the operations of his scopes only', async () => {
    const editor: Principal = { kind: 'staff', keyId: 'k', subject: 'eve', role: 'editor' };
    const viewer: Principal = { kind: 'staff', keyId: 'k', subject: 'vic', role: 'viewer' };
    const shopper: Principal = { kind: 'publishable', keyId: 'k' };
    const rollback = 'mutation { rollbackPolicy(placementId: "home-hero") { id } }';
    const edit = 'mutation { upsertCampaign(input: { id: "spring", tier: 3 }) { id } }';
    expect((await ask(rollback, editor)).errors?.[0]?.message).toMatch(/Access denied/);
    expect((await ask(edit, editor)).errors).toBeUndefined();
    expect((await ask(edit, viewer)).errors?.[0]?.message).toMatch(/Access denied/);
    expect((await ask('{ placements { id } }', viewer)).errors).toBeUndefined();
    expect((await ask('{ placements { id } }', shopper)).errors?.[0]?.message).toMatch(/Access denied/);
  });
});
