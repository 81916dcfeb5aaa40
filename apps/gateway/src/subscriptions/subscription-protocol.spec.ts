import type { IncomingMessage } from 'node:http';
import { DomainError } from '@vitrine/kernel';
import { capturedLog, eventually } from '@vitrine/testing';
import { GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { ErrorReporter } from '../server/error-reporter';
import { SECRET_KEY, testAuthenticate } from '../testing/test-gateway';
import { ConnectionBudget } from './connection-budget';
import { SocketSession } from './socket-session';
import { createSubscriptionReader } from './subscription-document';
import { createSubscriptionProtocol } from './subscription-protocol';

type Next = () => Promise<IteratorResult<unknown>>;
const NEVER: Next = () => new Promise(() => undefined);

/** A source of events that counts who reads it. */
class Source {
  open = 0;
  /** What happens before a reader is let in. */
  gate: Promise<void> = Promise.resolve();
  next: Next = NEVER;

  async subscribe(): Promise<AsyncIterable<unknown>> {
    await this.gate;
    this.open++;
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => this.next(),
        return: async () => {
          this.open--;
          return { done: true, value: undefined };
        },
      }),
    };
  }
}

const SUBSCRIBE = 'subscription { tick { text } }';

describe('the protocol of subscriptions', () => {
  let source: Source;
  let log = capturedLog();
  let budget: ConnectionBudget;
  const closers: (() => Promise<void>)[] = [];
  afterEach(() => Promise.all(closers.splice(0).map((close) => close())));
  beforeEach(() => {
    source = new Source();
    log = capturedLog();
    budget = new ConnectionBudget(1);
  });

  /** A connection without a network: what the client says, and what it was told. */
  async function connection() {
    const text = {
      type: new GraphQLNonNull(GraphQLString),
      resolve: (tick: unknown) => {
        if (tick === 'bad') throw new TypeError('password hunter2 in a stack');
        return String(tick);
      },
    };
    const tick = new GraphQLObjectType({ name: 'Tick', fields: { text } });
    const schema = new GraphQLSchema({
      query: new GraphQLObjectType({ name: 'Query', fields: { none: { type: GraphQLString } } }),
      subscription: new GraphQLObjectType({
        name: 'Subscription',
        fields: { tick: { type: tick, subscribe: () => source.subscribe(), resolve: (event: unknown) => event } },
      }),
    });
    const session = new SocketSession(Object.assign(Object.create(null) as IncomingMessage, { headers: {}, socket: {} }), {
      admission: { authenticate: testAuthenticate(), limits: { admit: async () => undefined }, isInternalAddress: () => false },
      budget,
      logger: log.logger,
    });
    const protocol = createSubscriptionProtocol({
      read: createSubscriptionReader({ schema, showSchema: false }),
      reporter: new ErrorReporter(log.logger),
      perConnection: 1,
    });
    const told: Record<string, unknown>[] = [];
    let hear: (text: string) => Promise<void> = async () => undefined;
    const closed = protocol.opened(
      {
        protocol: 'graphql-transport-ws',
        send: (message) => void told.push(JSON.parse(message)),
        close: () => undefined,
        onMessage: (take) => {
          hear = take;
        },
      },
      session,
    );
    closers.push(() => closed(1000, ''));
    const say = (message: object): Promise<void> => hear(JSON.stringify(message));
    await say({ type: 'connection_init', payload: { key: SECRET_KEY } });
    const subscribe = (id: string): void => void say({ type: 'subscribe', id, payload: { query: SUBSCRIBE } });
    const read = (count: number) => eventually(() => source.open === count, { what: `${count} readers` });
    return { told, say, subscribe, read, close: () => closed(1000, '') };
  }

  it('lets a source go when its subscriber has had enough, and makes room for another', async () => {
    const { told, say, subscribe, read, close } = await connection();
    subscribe('1');
    await read(1);
    subscribe('2');
    await eventually(() => told.some(({ id, type }) => id === '2' && type === 'error'), { what: 'a refusal' });
    await say({ type: 'complete', id: '1' });
    await read(0);
    subscribe('3');
    await read(1);
    expect(told.filter(({ type }) => type === 'error')).toMatchObject([
      { id: '2', payload: [{ extensions: { code: 'OPERATION_LIMIT' } }] },
    ]);
    await close();
  });

  it('lets every source and the place of the caller go when the socket closes', async () => {
    const { subscribe, read, close } = await connection();
    subscribe('1');
    await read(1);
    await close();
    await read(0);
    expect((await connection()).told).toEqual([{ type: 'connection_ack' }]);
  });

  it('lets a source go that opened after its socket had closed', async () => {
    let open = (): void => undefined;
    source.gate = new Promise((resolve) => {
      open = resolve;
    });
    const opened = jest.spyOn(source, 'subscribe');
    const { subscribe, read, close } = await connection();
    subscribe('1');
    await eventually(() => opened.mock.calls.length === 1, { what: 'the source to be asked' });
    await close();
    open();
    await opened.mock.results[0]?.value;
    await read(0);
    expect(source.open).toBe(0);
  });

  it('says nothing of what failed in an event but a code and the id of the line in the log', async () => {
    const events = ['good', 'bad'];
    source.next = async () => {
      const value = events.shift();
      return value === undefined ? { done: true, value } : { done: false, value };
    };
    const { told, subscribe } = await connection();
    subscribe('1');
    await eventually(() => told.at(-1)?.['type'] === 'complete', { what: 'the end' });
    expect(told.slice(1, 3)).toEqual([
      { id: '1', type: 'next', payload: { data: { tick: { text: 'good' } } } },
      {
        ...{ id: '1', type: 'next' },
        payload: {
          data: { tick: null },
          errors: [
            {
              message: 'Something went wrong on our side.',
              locations: [{ line: 1, column: 23 }],
              path: ['tick', 'text'],
              extensions: { code: 'INTERNAL', retryable: false, id: expect.any(String) },
            },
          ],
        },
      },
    ]);
    expect(JSON.stringify(told)).not.toContain('hunter2');
    const lines = log.lines().filter(({ errorId }) => JSON.stringify(told).includes(String(errorId)));
    expect(lines).toMatchObject([{ err: { message: 'password hunter2 in a stack' }, requestId: expect.any(String) }]);
  });

  it.each([
    ['a coded refusal', new DomainError('NOT_FOUND'), 'NOT_FOUND'],
    ['a fault of ours', new TypeError('hunter2'), 'INTERNAL'],
  ])('ends a subscription for %s of its source with one error', async (_what, error, code) => {
    source.next = () => Promise.reject(error);
    const { told, subscribe } = await connection();
    subscribe('1');
    await eventually(() => told.length > 1, { what: 'an answer' });
    expect(told.slice(1)).toMatchObject([{ id: '1', type: 'error', payload: [{ extensions: { code } }] }]);
    expect(JSON.stringify(told)).not.toContain('hunter2');
  });
});
