import { eventually, testServiceUrl } from '@vitrine/testing';
import { Redis } from 'ioredis';
import { SECRET_KEY } from './harness/loop-api';
import { useLoop } from './harness/use-loop';

const REDIS_DATABASE = 9;
const PERSONAS = 25;
/** Who calls how often is counted for everybody, for a second. */
const LIMITS = /^vitrine:limit:/;
const ASK = `query ($persona: PersonaInput!, $input: BannersInput!) { personaDecisions(persona: $persona, input: $input) { decisions {
  placementId ladderStep consentTier degraded stateRevision eligible { bannerId probability } slots { propensity banner { id } } } } }`;

interface PersonaAnswer {
  readonly personaDecisions: {
    readonly decisions: readonly {
      readonly placementId: string;
      readonly ladderStep: string;
      readonly consentTier: string;
      readonly degraded: boolean;
      readonly eligible: readonly { readonly bannerId: string; readonly probability: number }[];
      readonly slots: readonly { readonly propensity: number; readonly banner: { readonly id: string } }[];
    }[];
  };
}

/** No worker runs: whatever changes, the gateway changed it. */
describe('a persona', () => {
  const loop = useLoop(REDIS_DATABASE);
  let redis: Redis;
  beforeAll(() => void (redis = new Redis(new URL(`/${REDIS_DATABASE}`, testServiceUrl('VITRINE_TEST_REDIS_URL')).toString())));
  afterAll(async () => void (await redis.quit()));

  const ask = (i: number) => {
    const occurredAt = new Date(Date.now() - 60_000).toISOString();
    const persona = {
      device: 'MOBILE',
      traits: { tier: 'gold' },
      events: [{ type: 'PURCHASE', occurredAt, category: 'hats', valueMinor: i }],
    };
    const input = { visitorId: 'ann', decisionGroupId: `persona-${i}`, placements: [{ id: 'hero' }, { id: 'side' }] };
    return loop.api().must<PersonaAnswer>(SECRET_KEY, ASK, { persona, input });
  };

  it('is decided for by the live policies and leaves every collection and every key as it was', async () => {
    await loop.api().grant('ann');
    await settled();
    const before = await everything();
    for (let i = 0; i < PERSONAS; i++) {
      const { decisions } = (await ask(i)).personaDecisions;
      expect(decisions).toMatchObject([
        { placementId: 'hero', ladderStep: 'PERSONAL', consentTier: 'PERSONALIZED', degraded: false },
        { placementId: 'side', ladderStep: 'PERSONAL', consentTier: 'PERSONALIZED', degraded: false },
      ]);
      const shown = decisions.flatMap(({ slots }) => slots.map(({ banner }) => banner.id));
      expect(new Set(shown).size).toBe(4);
      for (const { eligible } of decisions) expect(eligible.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
    }
    expect(await settled()).toEqual(before);
  });

  it('would have left one as a shopper', async () => {
    const before = await everything();
    const input = { visitorId: 'ann', decisionGroupId: 'real', placements: [{ id: 'hero' }] };
    await loop.api().banners(input);
    await eventually(async () => JSON.stringify(await everything()) !== JSON.stringify(before), { what: 'a trace' });
  });

  /** Everything, once two looks in a row agree: what earlier requests left has arrived by then. */
  async function settled(): Promise<Readonly<Record<string, string>>> {
    let last = '';
    let now: Readonly<Record<string, string>> = {};
    await eventually(
      async () => {
        now = await everything();
        const same = JSON.stringify(now) === last;
        last = JSON.stringify(now);
        return same;
      },
      { what: 'nothing to change any more' },
    );
    return now;
  }

  async function everything(): Promise<Readonly<Record<string, string>>> {
    const held: [string, string][] = [];
    for (const { name } of await loop.mongo.connection().listCollections()) {
      const rows = await loop.mongo.connection().collection(name).find({}).sort({ _id: 1 }).toArray();
      held.push([`mongo ${name}`, JSON.stringify(rows)]);
    }
    for (const key of (await redis.keys('*')).sort()) {
      const value = await redis.dumpBuffer(key);
      if (!LIMITS.test(key) && value !== null) held.push([`redis ${key}`, value.toString('base64')]);
    }
    return Object.fromEntries(held.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
});
