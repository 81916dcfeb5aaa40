import { graphql, printSchema } from 'graphql';
import { buildSchema, Query, Resolver } from 'type-graphql';
import { visitorId } from '@vitrine/kernel';
import type { Principal } from '@vitrine/platform';
import { fakeClock } from '@vitrine/testing';
import { IngestEvents } from '../application/ingest-events';
import type { FeedbackChunk } from '../domain/feedback-chunk';
import { EventsResolver, senderOf } from './events.resolver';

/** GraphQL asks for at least one query. */
@Resolver()
class AnyQuery {
  @Query(() => Boolean)
  alive(): boolean {
    return true;
  }
}

const MUTATION = 'mutation ($events: [EventInput!]!) { recordEvents(events: $events) { results { eventId status code } } }';
const publishable: Principal = { kind: 'publishable', keyId: 'k' };

async function setUp() {
  const clock = fakeClock();
  const chunks: FeedbackChunk[] = [];
  const queue = { add: async (_: number, chunk: FeedbackChunk) => void chunks.push(chunk) };
  const memory = { known: async () => new Map<string, string>(), remember: async () => undefined };
  const tokens = { seal: () => '', open: () => ({ ok: false, error: 'TOKEN_INVALID' }) as const };
  const ingest = new IngestEvents({ queue, memory, tokens, partitions: 1, cleaning: { isOn: () => true } });
  const resolver = new EventsResolver({ ingest, clock });
  const schema = await buildSchema({
    resolvers: [EventsResolver, AnyQuery],
    container: { get: (cls: unknown) => (cls === EventsResolver ? resolver : new AnyQuery()) },
    validate: { forbidUnknownValues: true },
    authChecker: (_, roles) => roles.includes('events:write'),
  });
  const run = (events: unknown, principal: Principal = publishable) =>
    graphql({ schema, source: MUTATION, variableValues: { events }, contextValue: { principal, userAgent: 'ua' } });
  const occurredAt = new Date(clock.now()).toISOString();
  return { chunks, run, occurredAt, sdl: printSchema(schema) };
}

describe('recordEvents', () => {
  it('keeps the names that callers rely on', async () => {
    const { sdl } = await setUp();
    const flat = sdl.replace(/"""[\s\S]*?"""\n?/g, '').replace(/\s+/g, ' ');
    expect(flat).toContain('recordEvents(events: [EventInput!]!): RecordEventsPayload!');
    expect(flat).toMatch(/input Money \{ amountMinor: Int! currency: String! \}/);
    expect(flat).toMatch(/type EventResult \{ eventId: ID! status: EventStatus! code: String \}/);
    const input = flat.slice(flat.indexOf('input EventInput'));
    expect(input.slice(0, input.indexOf('}'))).not.toContain('=');
    for (const field of [
      'eventId: ID! ',
      'type: EventType! ',
      'occurredAt: DateTime! ',
      'visitorId: ID ',
      'token: String ',
      'productId: ID ',
      'category: String ',
      'value: Money ',
      'dwellMs: Int ',
      'url: String ',
      'properties: JSON ',
    ]) {
      expect(input).toContain(field);
    }
  });

  it('takes a whole event and answers each for itself', async () => {
    const { run, chunks, occurredAt } = await setUp();
    const whole = {
      eventId: 'a',
      type: 'PURCHASE',
      occurredAt,
      visitorId: 'v',
      productId: 'p',
      category: 'c',
      value: { amountMinor: 1999, currency: 'EUR' },
      dwellMs: 5,
      url: '/x',
      properties: { k: [1] },
    };
    const { data, errors } = await run([whole, { eventId: 'b', type: 'CLICK', occurredAt, token: 'forged' }]);
    expect(errors).toBeUndefined();
    expect(JSON.parse(JSON.stringify(data))).toEqual({
      recordEvents: {
        results: [
          { eventId: 'a', status: 'ACCEPTED', code: null },
          { eventId: 'b', status: 'REJECTED', code: 'TOKEN_INVALID' },
        ],
      },
    });
    expect(chunks[0]?.events[0]).toMatchObject({
      value: { amountMinor: 1999, currency: 'EUR' },
      properties: { k: [1] },
      occurredAt: Date.parse(occurredAt),
    });
  });

  it('refuses more than 500 events at once', async () => {
    const { run, occurredAt } = await setUp();
    const { errors } = await run(Array.from({ length: 501 }, (_, i) => ({ eventId: `e${i}`, type: 'CLICK', occurredAt })));
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'EVENT_TOO_LARGE' });
  });

  it('lets a user token name the visitor, and ignores the user agent of a server', () => {
    const visitor: Principal = { kind: 'visitor', keyId: 'k', userId: 'user-1' };
    expect(senderOf({ principal: visitor, userAgent: 'ua', internal: true })).toEqual({
      authenticatedVisitorId: visitorId('user-1'),
      userAgent: 'ua',
      internal: true,
    });
    expect(senderOf({ principal: { kind: 'secret', keyId: 'k' }, userAgent: 'node', internal: false })).toEqual({
      authenticatedVisitorId: null,
      userAgent: null,
      internal: false,
    });
  });
});
