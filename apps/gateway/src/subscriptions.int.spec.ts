import { connect } from 'node:net';
import { createAnnouncer, loadConfig, type Config } from '@vitrine/platform';
import {
  AnnouncedTrainingRuns,
  DEFAULT_TRAINING_SETTINGS,
  MongoTrainingRunRepository,
  type TrainingRun,
  type TrainingRunRepository,
} from '@vitrine/segment';
import { capturedLog, eventually, useMongo, useRedis } from '@vitrine/testing';
import { createClient, type Client } from 'graphql-ws';
import { Redis } from 'ioredis';
import { createConnection, type Connection } from 'mongoose';
import { WebSocket } from 'ws';
import { composeGateway, type Gateway } from './compose';

const PUBLISHABLE_KEY = 'pk_sockets_0123456789abcdef';
const SECRET_KEY = 'sk_sockets_0123456789abcdef0123456789abcdef';
const OTHER_SECRET_KEY = 'sk_sockets_other_0123456789abcdef0123456789';
const ORIGIN = 'https://shop.example';
/** A Redis database of our own: queues have fixed names. */
const REDIS_DATABASE = 15;
const PROTOCOL = 'graphql-transport-ws';
const WATCH = 'subscription ($id: ID!) { trainingRun(id: $id) { id status step progress rows } }';

const RUN: TrainingRun = {
  ...{ id: 'run', kind: 'TRAIN', trigger: 'MANUAL', status: 'RUNNING', step: 'EXTRACT', partitions: 1, seed: 1, modelVersion: 1 },
  ...{ parentVersion: null, codeVersion: 'test', settings: DEFAULT_TRAINING_SETTINGS, featureNames: ['x'] },
  ...{ configurations: [], trials: {}, chosen: null, fingerprint: null, log: {}, extracted: {}, assigned: {}, failure: null },
  ...{ startedAt: 1, updatedAt: 1, finishedAt: null },
};
const EXTRACTED = { attempt: 'a', train: 3, tune: 1, test: 1, dropped: 0, responses: { TRAIN: 0, TUNE: 0, TEST: 0 } };

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A bare socket that speaks the protocol word by word; what a client library would hide is seen. */
class Wire {
  readonly messages: Message[] = [];
  closed: { readonly code: number; readonly reason: string } | null = null;
  refused: number | null = null;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.messages.push(JSON.parse(String(data))));
    socket.on('close', (code, reason) => (this.closed = { code, reason: String(reason) }));
    socket.on('unexpected-response', (_request, response) => (this.refused = response.statusCode ?? 0));
    socket.on('error', () => undefined);
  }

  send(message: Message): void {
    this.socket.send(JSON.stringify(message));
  }

  async init(payload: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await eventually(() => this.socket.readyState === WebSocket.OPEN, { what: 'the socket to open' });
    this.send({ type: 'connection_init', payload });
    await eventually(() => this.closed !== null || this.messages.some(({ type }) => type === 'connection_ack'), { what: 'an answer' });
  }

  async ask(id: string, query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Message> {
    this.send({ type: 'subscribe', id, payload: { query, variables } });
    return this.answer(id);
  }

  answer(id: string, types: readonly string[] = ['next', 'error']): Promise<Message> {
    return eventually(() => this.messages.find((message) => message.id === id && types.includes(message.type)) ?? null, {
      what: `an answer to ${id}`,
    });
  }

  untilClosed(): Promise<{ readonly code: number; readonly reason: string }> {
    return eventually(() => this.closed, { what: 'the socket to close' });
  }
}

const codesOf = ({ type, payload }: Message): readonly unknown[] => [
  type,
  ...(Array.isArray(payload) ? payload.map((error) => error.extensions.code) : []),
];

describe('subscriptions over a socket', () => {
  const mongo = useMongo();
  const redis = useRedis();
  const redisUrl = (): string => new URL(`/${REDIS_DATABASE}`, redis.url()).toString();
  const opened: Wire[] = [];
  const log = capturedLog();
  let gateway: Gateway;
  let address = '';
  let connection: Connection;
  let runs: MongoTrainingRunRepository;
  let runNumber = 0;

  function configure(overrides: Readonly<Record<string, string>> = {}): Config {
    const key = Buffer.alloc(32, 7).toString('base64');
    return loadConfig({
      NODE_ENV: 'test',
      MONGO_URL: mongo.url(),
      REDIS_URL: redisUrl(),
      GATEWAY_PORT: '0',
      PUBLISHABLE_KEYS: PUBLISHABLE_KEY,
      SECRET_KEYS: `${SECRET_KEY},${OTHER_SECRET_KEY}`,
      TOKEN_MASTER_KEYS: `1:${key}`,
      PERSONAL_DATA_KEYS: `1:${key}`,
      DECISION_SEED_KEY: key,
      VISITOR_HASH_KEY: key,
      ALLOWED_ORIGINS: ORIGIN,
      SUBSCRIPTION_CONNECTIONS_PER_CALLER: '3',
      SUBSCRIPTIONS_PER_CONNECTION: '2',
      START_DEADLINE_MS: '5000',
      DRAIN_DEADLINE_MS: '2000',
      ...overrides,
    });
  }

  interface Opening {
    readonly headers?: Readonly<Record<string, string>>;
    readonly path?: string;
    readonly protocols?: readonly string[];
    readonly at?: string;
  }
  function open({ headers = {}, path = '/graphql', protocols = [PROTOCOL], at = address }: Opening = {}): Wire {
    const wire = new Wire(new WebSocket(`${at.replace('http', 'ws')}${path}`, [...protocols], { headers }));
    opened.push(wire);
    return wire;
  }
  async function connected(key = SECRET_KEY): Promise<Wire> {
    const wire = open({ headers: { 'x-vitrine-key': key } });
    await wire.init();
    return wire;
  }
  async function newRun(): Promise<TrainingRun> {
    runNumber++;
    const run = { ...RUN, id: `run-${runNumber}`, modelVersion: runNumber };
    expect(await runs.create(run)).toBe('created'); // no other one is left active
    return run;
  }
  async function metric(name: string): Promise<string> {
    const text = await (await fetch(`${address}/metrics`)).text();
    return new RegExp(`^${name}\\{.*\\} (.*)$`, 'm').exec(text)?.[1] ?? '';
  }

  beforeAll(async () => {
    gateway = await composeGateway(configure(), log.logger);
    address = await gateway.listen();
    connection = await createConnection(mongo.url()).asPromise();
    runs = new MongoTrainingRunRepository(connection);
  });

  afterEach(async () => {
    for (const { socket } of opened.splice(0)) socket.terminate();
    await connection.collection('training_runs').deleteMany({});
    await eventually(async () => (await metric('vitrine_subscription_sockets')) === '0', { what: 'no socket to be left' });
  });

  afterAll(async () => {
    await gateway.shutdown('test');
    await connection.close();
    const client = new Redis(redisUrl());
    await client.flushdb();
    await client.quit();
  });

  describe('a training run', () => {
    let client: Client;
    beforeEach(() => {
      client = createClient({
        url: `${address.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { key: SECRET_KEY },
        retryAttempts: 0,
      });
    });
    afterEach(() => client.dispose());

    interface Change {
      readonly write: (repository: TrainingRunRepository, id: string) => Promise<unknown>;
      readonly then: readonly [status: string, step: string, progress: number];
    }
    const CHANGES: readonly Change[] = [
      { write: (to, id) => to.commitExtraction(id, 0, EXTRACTED, 2), then: ['RUNNING', 'EXTRACT', 0.25] },
      { write: (to, id) => to.moveTo(id, 'SEARCH', 3), then: ['RUNNING', 'SEARCH', 0.25] },
      { write: (to, id) => to.moveTo(id, 'FIT', 3), then: ['RUNNING', 'FIT', 0.5] },
      { write: (to, id) => to.moveTo(id, 'VALIDATE', 3), then: ['RUNNING', 'VALIDATE', 0.6] },
      { write: (to, id) => to.moveTo(id, 'PUBLISH', 4), then: ['RUNNING', 'PUBLISH', 0.68] },
      { write: (to, id) => to.moveTo(id, 'ASSIGN', 5), then: ['RUNNING', 'ASSIGN', 0.7] },
      {
        write: (to, id) => to.finish(id, { status: 'PUBLISHED', step: 'DONE', failure: null }, 6),
        then: ['PUBLISHED', 'DONE', 1],
      },
    ];
    /** Makes every change once the one before was seen. @returns what was seen until the end, and how long it took, ms */
    async function follow(repository: TrainingRunRepository): Promise<{ readonly seen: readonly unknown[]; readonly ms: number }> {
      const { id } = await newRun();
      const seen: unknown[] = [];
      const watched = (async () => {
        for await (const { data, errors } of client.iterate({ query: WATCH, variables: { id } }))
          seen.push(errors ?? data?.['trainingRun']);
      })();
      await eventually(() => seen.length === 1, { what: 'the run as it is' });
      const start = performance.now();
      for (const [at, { write }] of CHANGES.entries()) {
        await repository.touch(id, 2);
        await write(repository, id);
        await eventually(() => seen.length === at + 2, { what: `change ${at}` });
      }
      await watched;
      return { seen, ms: performance.now() - start };
    }
    const all = () => [
      { id: `run-${runNumber}`, status: 'RUNNING', step: 'EXTRACT', progress: 0, rows: 0 },
      ...CHANGES.map(({ then: [status, step, progress] }) => ({ id: `run-${runNumber}`, status, step, progress, rows: 5 })),
    ];

    it('is seen by a secret key as it goes through its steps, each state once, until it has ended', async () => {
      expect((await follow(runs)).seen).toEqual(all());
    });

    it('is seen sooner than by polling when its changes are announced', async () => {
      const bus = new Redis(redisUrl());
      const announce = createAnnouncer(bus);
      const announced = new AnnouncedTrainingRuns({ runs, announceRun: (id) => announce({ kind: 'training-run', id, revision: 0 }) });
      const { seen, ms } = await follow(announced);
      await bus.quit();
      expect(seen).toEqual(all());
      // Polls alone, of which one follows each change, come to four intervals of 500 ms at least.
      expect(ms).toBeLessThan(1_500);
    });

    it('is announced by the gateway that starts it', async () => {
      const listener = new Redis(redisUrl());
      const notices: string[] = [];
      listener.on('message', (_channel: string, text: string) => notices.push(text));
      await listener.subscribe('vitrine:changes');
      await fetch(`${address}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-vitrine-key': SECRET_KEY },
        body: JSON.stringify({ query: 'mutation { trainSegments { id } }' }),
      });
      const started = await eventually(() => runs.findActive(), { what: 'the run' });
      await eventually(() => notices.some((text) => text.includes('training-run') && text.includes(started.id)), { what: 'its notice' });
      await listener.quit();
      expect(notices.map((text) => JSON.parse(text))).toContainEqual({ kind: 'training-run', id: started.id, revision: 0 });
    });

    it('that nobody knows is NOT_FOUND', async () => {
      const wire = await connected();
      const answer = await wire.ask('1', WATCH, { id: 'nobody' });
      expect(answer).toMatchObject({ type: 'error', payload: [{ message: 'no such training run', extensions: { code: 'NOT_FOUND' } }] });
    });
  });

  describe('callers', () => {
    it('without a key, or with a wrong one, are closed as UNAUTHENTICATED', async () => {
      const nobody = open();
      await nobody.init();
      const wrong = open();
      await wrong.init({ key: 'sk_nobodys_0123456789abcdef0123456789abcd' });
      expect([await nobody.untilClosed(), await wrong.untilClosed()]).toEqual([
        { code: 4401, reason: 'UNAUTHENTICATED' },
        { code: 4401, reason: 'UNAUTHENTICATED' },
      ]);
    });

    it('with a publishable key are refused the run as FORBIDDEN', async () => {
      const { id } = await newRun();
      const wire = await connected(PUBLISHABLE_KEY);
      const answer = await wire.ask('1', WATCH, { id });
      expect(answer).toEqual({
        ...{ id: '1', type: 'error' },
        payload: [
          {
            ...{ message: 'This caller may not do that.', path: ['trainingRun'], locations: [{ line: 1, column: 27 }] },
            extensions: { code: 'FORBIDDEN', retryable: false },
          },
        ],
      });
    });

    it('hold a few sockets each, and give them back', async () => {
      const held = [await connected(), await connected(), await connected()];
      const tooMany = await connected();
      expect(await tooMany.untilClosed()).toEqual({ code: 1008, reason: 'OPERATION_LIMIT' });
      expect((await connected(OTHER_SECRET_KEY)).closed).toBeNull();
      held[0]?.socket.close();
      await eventually(async () => (await connected()).closed === null, { what: 'room for another one' });
    });

    it('carry a few subscriptions on each socket', async () => {
      const { id } = await newRun();
      const wire = await connected();
      await wire.ask('1', WATCH, { id });
      await wire.ask('2', WATCH, { id });
      expect(codesOf(await wire.ask('3', WATCH, { id }))).toEqual(['error', 'OPERATION_LIMIT']);
    });

    it.each([
      ['of a foreign origin', { headers: { origin: 'https://elsewhere.example' } }, 403],
      ['elsewhere than at /graphql', { path: '/v1/events' }, 404],
    ])('%s get no socket', async (_what, opening, status) => {
      const wire = open(opening);
      expect(await eventually(() => wire.refused, { what: 'a refusal' })).toBe(status);
    });

    it('of an allowed origin get one, but only in the protocol that is spoken here', async () => {
      const browser = open({ headers: { origin: ORIGIN } });
      await browser.init({ key: SECRET_KEY });
      expect(browser.closed).toBeNull();
      expect(await open({ protocols: [] }).untilClosed()).toMatchObject({ code: 4406 });
    });
  });

  describe('documents', () => {
    const deep = `subscription { trainingRun(id: "x") ${'{ a '.repeat(14)}${'}'.repeat(14)} }`;
    it.each([
      ['a query', '{ segments { id } }', 'BAD_USER_INPUT'],
      ['a mutation', 'mutation { trainSegments { id } }', 'BAD_USER_INPUT'],
      ['too deep a document', deep, 'OPERATION_LIMIT'],
      ['too long a document', `subscription { trainingRun(id: "x") { ${'id '.repeat(2_001)} } }`, 'OPERATION_LIMIT'],
      ['what does not parse', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
      ['fields that there are not', 'subscription { trainingRun(id: "x") { stattus } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['variables that do not fit', WATCH, 'BAD_USER_INPUT'],
    ])('refuses %s', async (_what, query, code) => {
      const wire = await connected();
      const answer = await wire.ask('1', query, { id: { secret: 'hunter2' } });
      expect(codesOf(answer)).toContain(code);
      expect(JSON.stringify(answer)).not.toMatch(/hunter2|status/);
      expect(wire.closed).toBeNull();
    });

    it('are refused by HTTP when they are subscriptions', async () => {
      const response = await fetch(`${address}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-vitrine-key': SECRET_KEY },
        body: JSON.stringify({ query: 'subscription { trainingRun(id: "x") { id } }' }),
      });
      const answer: { errors: { extensions: { code: string } }[] } = JSON.parse(await response.text());
      expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    });

    it('that are no message of the protocol close the socket', async () => {
      const wire = await connected();
      wire.socket.send('{"type":"nonsense"}');
      expect(await wire.untilClosed()).toMatchObject({ code: 4400 });
    });
  });

  it('answers a request over HTTP that offers another upgrade as if it had offered none', async () => {
    const { hostname, port } = new URL(address);
    const body = JSON.stringify({ query: '{ segments { id } }' });
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (data) => (answer += data.toString()));
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n` +
        `content-type: application/json\r\nx-vitrine-key: ${SECRET_KEY}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await eventually(() => answer.includes('"data"'), { what: 'an answer' });
    socket.destroy();
    expect(answer).toContain('{"data":{"segments":[]}}');
  });

  it('closes its sockets with 1001 when it shuts down, within its deadline, whether they answer or not', async () => {
    const other = await composeGateway(configure(), log.logger);
    const at = await other.listen();
    const { id } = await newRun();
    const polite = open({ at, headers: { 'x-vitrine-key': SECRET_KEY } });
    await polite.init();
    await polite.ask('1', WATCH, { id });
    const deaf = open({ at, headers: { 'x-vitrine-key': SECRET_KEY } });
    await deaf.init();
    deaf.socket.pause();
    const start = performance.now();
    await other.shutdown('test');
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(await polite.untilClosed()).toEqual({ code: 1001, reason: 'SHUTTING_DOWN' });
    await expect(fetch(`${at}/livez`)).rejects.toThrow();
    deaf.socket.terminate();
  });

  it('writes nothing of all this into the log as a fault of its own', () => {
    expect(log.lines().filter(({ level }) => typeof level === 'number' && level >= 50)).toEqual([]);
  });
});
