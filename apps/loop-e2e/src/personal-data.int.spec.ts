import { eventually } from '@vitrine/testing';
import { Redis } from 'ioredis';
import { everythingInMongo, everythingInRedis, type StoredText } from './harness/everything-stored';
import { LoopApi, SECRET_KEY, shownAndClicked, untilHuman } from './harness/loop-api';
import type { Running } from './harness/processes';
import { useLoop } from './harness/use-loop';

const ANON = 'anon-Kx81Qv';
const USER = 'mina.roth@mail.example';
const STRANGER = 'stranger-Zp42Lw';
const TRAIT = 'Lindenstrasse-17b';
const PATH = 'orders-of-mina-9137';
/** What may stand nowhere in clear. The ids of events are made of nothing personal here, but a client could do so. */
const SIGNS = [ANON, USER, STRANGER, TRAIT, 'homeAddress', PATH, 'size-XXL-9137'];
const IDENTIFY = 'mutation ($input: IdentifyInput!) { identify(input: $input) { status } }';

describe('what lies where databases, queues and logs can be read', () => {
  const loop = useLoop(7);
  let worker: Running;
  let gateway: Running;
  let api: LoopApi;

  beforeAll(async () => {
    const env = { LOG_LEVEL: 'debug' };
    worker = await loop.processes().start('worker', { env });
    gateway = await loop.processes().start('gateway', { env });
    api = new LoopApi(gateway.url);
  }, 60_000);

  it('names nobody: no id, no trait, no address, once the queues are empty', async () => {
    await api.grant(ANON);
    await api.must(SECRET_KEY, IDENTIFY, { input: { anonymousId: ANON, userId: USER, traits: { homeAddress: TRAIT }, locale: 'de-DE' } });
    for (const visitor of [ANON, STRANGER]) {
      const decision = await api.decide(visitor, 'hero');
      await untilHuman();
      await api.record([
        ...shownAndClicked(visitor, decision),
        anEvent(visitor, 'PRODUCT_VIEW', { url: `https://shop.example/${PATH}`, properties: { note: 'size-XXL-9137' } }),
        anEvent(visitor, 'DWELL', {}), // of nothing: it goes to quarantine
      ]);
    }
    await api.banners({ visitorId: ANON, decisionGroupId: 'group-of-a-client-1', placements: [{ id: 'hero' }] });
    // Refused, each in its own way: errors are where logs talk most.
    await api.ask(SECRET_KEY, IDENTIFY, { input: { anonymousId: ANON, userId: `${USER}.other` } });
    await api.ask(SECRET_KEY, IDENTIFY, { input: { anonymousId: `${ANON} \n`, traits: { homeAddress: [TRAIT] } } });
    await api.ask(SECRET_KEY, `query { profile(visitorId: "${USER}" }`);
    await eventually(async () => (await count('events')) === 6 && (await count('quarantine')) === 2, {
      what: 'every event to be processed',
    });
    await eventually(async () => (await count('decisions')) >= 3, { what: 'the records of decisions' });

    await eventually(async () => (await findings(stored)).length === 0, { what: 'queues without people', deadlineMs: 15_000 }).catch(
      () => null,
    );
    expect(await findings(stored)).toEqual([]);
    expect(await findings(async () => logs())).toEqual([]);
    expect(await loop.mongo.connection().collection('profiles').countDocuments()).toBe(1);
    const exported = await api.must(SECRET_KEY, `query { exportProfile(visitorId: "${USER}") }`);
    for (const sign of [ANON, USER, TRAIT, PATH, 'size-XXL-9137']) expect(JSON.stringify(exported)).toContain(sign);
  }, 60_000);

  const count = (name: string) => loop.mongo.connection().collection(name).countDocuments();

  async function stored(): Promise<readonly StoredText[]> {
    const redis = new Redis(loop.redisUrl());
    try {
      return [...(await everythingInMongo(loop.mongo.connection())), ...(await everythingInRedis(redis))];
    } finally {
      redis.disconnect();
    }
  }

  function logs(): readonly StoredText[] {
    const texts = [
      { place: 'log:worker', text: worker.log() },
      { place: 'log:gateway', text: gateway.log() },
    ];
    for (const { text } of texts) expect(text.length).toBeGreaterThan(500);
    return texts;
  }

  async function findings(source: () => Promise<readonly StoredText[]>): Promise<readonly string[]> {
    return (await source()).flatMap(({ place, text }) => SIGNS.filter((sign) => text.includes(sign)).map((sign) => `${sign} in ${place}`));
  }
});

let serial = 0;
function anEvent(visitorId: string, type: string, more: object): object {
  return { eventId: `personal-${serial++}`, type, occurredAt: new Date().toISOString(), visitorId, ...more };
}
