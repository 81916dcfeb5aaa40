import { loadConfig, type Config } from '@vitrine/platform';
import { capturedLog, eventually, useMongo, useRedis } from '@vitrine/testing';
import { Redis } from 'ioredis';
import { composeGateway, type Gateway } from './compose';

const PUBLISHABLE_KEY = 'pk_compose_0123456789abcdef';
const SECRET_KEY = 'sk_compose_0123456789abcdef0123456789abcdef';
/** A Redis database of our own: queues have fixed names. */
const REDIS_DATABASE = 11;
const NOWHERE = 'redis://127.0.0.1:1';

interface Answer {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

describe('the composed gateway', () => {
  const mongo = useMongo();
  const redis = useRedis();
  const redisUrl = (): string => new URL(`/${REDIS_DATABASE}`, redis.url()).toString();
  let gateway: Gateway;
  let address = '';

  function configure(overrides: Readonly<Record<string, string>> = {}): Config {
    const key = Buffer.alloc(32, 7).toString('base64');
    return loadConfig({
      NODE_ENV: 'test',
      MONGO_URL: mongo.url(),
      REDIS_URL: redisUrl(),
      GATEWAY_PORT: '0',
      PUBLISHABLE_KEYS: PUBLISHABLE_KEY,
      SECRET_KEYS: SECRET_KEY,
      TOKEN_MASTER_KEYS: `1:${key}`,
      PERSONAL_DATA_KEYS: `1:${key}`,
      DECISION_SEED_KEY: key,
      VISITOR_HASH_KEY: key,
      CONSENT_DEFAULT: 'GRANTED',
      START_DEADLINE_MS: '1000',
      DRAIN_DEADLINE_MS: '2000',
      ...overrides,
    });
  }

  async function ask(key: string, query: string): Promise<Answer> {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-vitrine-key': key,
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/127.0',
      },
      body: JSON.stringify({ query }),
    });
    const answer: Answer = JSON.parse(await response.text());
    return answer;
  }
  const codesOf = ({ errors = [] }: Answer): readonly string[] => errors.map(({ extensions }) => extensions.code);

  beforeAll(async () => {
    gateway = await composeGateway(configure(), capturedLog().logger);
    address = await gateway.listen();
  });

  afterAll(async () => {
    await gateway.shutdown('test');
    const client = new Redis(redisUrl());
    await client.flushdb();
    await client.quit();
  });

  it('serves what was just published, to an app that holds a publishable key', async () => {
    const published = await ask(
      SECRET_KEY,
      `mutation {
        upsertPlacement(input: { id: "home-hero", surface: HOMEPAGE, name: "Hero", slots: 1 }) { id }
        upsertCampaign(input: { id: "spring", name: "Spring", placementIds: ["home-hero"] }) { id }
        upsertBanner(input: {
          id: "tulips", campaignId: "spring", name: "Tulips", category: "garden", landingUrl: "https://shop.example/tulips",
          creatives: [{ id: "tulips-1", media: IMAGE, width: 300, height: 250, url: "https://cdn.example/tulips.png" }]
        }) { id }
        publishPolicy(input: { placementId: "home-hero", policy: "uniform" }) { id }
      }`,
    );
    expect(published.errors ?? []).toEqual([]);
    const decided = await eventually(
      async () => {
        const answer = await ask(
          PUBLISHABLE_KEY,
          '{ banners(input: { visitorId: "ann", placements: [{ id: "home-hero" }] }) { decisions { layer slots { position banner { id } token } } } }',
        );
        return JSON.stringify(answer).includes('tulips') ? answer : null;
      },
      { what: 'the new banner to be decided' },
    );
    expect(decided.data).toMatchObject({
      banners: { decisions: [{ slots: [{ position: 0, banner: { id: 'tulips' }, token: expect.any(String) }] }] },
    });
  });

  it('keeps profiles, decisions and reports from that app', async () => {
    const questions = [
      '{ profile(visitorId: "ann") { id } }',
      '{ decision(id: "00000000-0000-4000-8000-000000000000") { id } }',
      '{ policies(placementId: "home-hero") { id } }',
      '{ segments { id } }',
      'mutation { setConsent(input: { visitorId: "ann", source: "x", purposes: [] }) { visitorId } }',
    ];
    const answers = await Promise.all(questions.map((question) => ask(PUBLISHABLE_KEY, question)));
    expect(answers.map(codesOf)).toEqual(questions.map(() => ['FORBIDDEN']));
  });

  it('takes a beacon once, whichever door the event came through', async () => {
    const event = { eventId: 'page-view-1', type: 'PAGE_VIEW', occurredAt: new Date().toISOString(), visitorId: 'ann' };
    const beacon = await fetch(`${address}/v1/events?key=${PUBLISHABLE_KEY}`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify([event]),
    });
    expect(await beacon.json()).toEqual({ results: [{ eventId: 'page-view-1', status: 'ACCEPTED', code: null }] });
    const again = await ask(
      PUBLISHABLE_KEY,
      `mutation { recordEvents(events: [{ eventId: "page-view-1", type: PAGE_VIEW, occurredAt: "${event.occurredAt}", visitorId: "ann" }]) { results { status } } }`,
    );
    expect(again.data).toEqual({ recordEvents: { results: [{ status: 'DUPLICATE' }] } });
  });

  it('is ready and counts decisions and events', async () => {
    const ready = await fetch(`${address}/readyz`);
    expect(await ready.json()).toEqual({ ready: true, draining: false, catalogLoaded: true, dependencies: { mongo: 'up', redis: 'up' } });
    const metrics = await (await fetch(`${address}/metrics`)).text();
    expect(metrics).toMatch(/vitrine_decisions_total\{placement="home-hero",.*\} [1-9]/);
    expect(metrics).toMatch(/vitrine_events_total\{status="ACCEPTED",.*\} 1/);
  });

  it.each([
    ['Redis', { REDIS_URL: NOWHERE }, 'redis'],
    ['Mongo', { MONGO_URL: 'mongodb://127.0.0.1:1/vitrine' }, 'mongo'],
  ])('gives up, naming %s, when it stays away past the start deadline', async (_name, overrides, dependency) => {
    await expect(composeGateway(configure(overrides), capturedLog().logger)).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      details: { dependency },
    });
  });

  it('refuses connections once it has drained', async () => {
    const other = await composeGateway(configure(), capturedLog().logger);
    const url = await other.listen();
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    await other.shutdown('test');
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });
});
