import { campaignId, invariant, placementId, visitorId } from '@vitrine/kernel';
import { applyEvents, emptyFeatures, encodeSegmentFeatures, type ProfileEvent } from '@vitrine/profile';
import { aPlacement, aProfile, aSegmentModel, EMBEDDING_FEATURES, NOON, PERSONAL_FEATURES, weightedPolicy } from '../fixtures';
import { compileFeatures } from '../domain/feature-encoder';
import { aRequest, pageBench, type BenchOptions } from '../page-fixtures';
import { AskPersona, type Persona, type PersonaDecision, type PersonaOutcome } from './ask-persona';
import type { DecidePageRequest } from './page-answer';

const NOTHING = { category: null, productId: null, valueMinor: null, dwellMs: null, scrollDepth: null, campaignId: null, bannerId: null };
const did = (type: ProfileEvent['type'], over: Partial<ProfileEvent> = {}): ProfileEvent => ({
  type,
  occurredAt: NOON - 3_600_000,
  ...NOTHING,
  throughBanner: false,
  device: 'MOBILE',
  ...over,
});
const EVENTS = [
  did('PRODUCT_VIEW', { category: 'shoes' }),
  did('PURCHASE', { category: 'hats', valueMinor: 900 }),
  did('IMPRESSION', { campaignId: 'camp', bannerId: 'b00' }),
];
const PERSONA: Persona = {
  device: 'MOBILE',
  locale: 'de-CH',
  traits: { tier: 'gold' },
  segmentId: null,
  personalized: true,
  events: EVENTS,
};

function setUp(options: BenchOptions = {}) {
  const bench = pageBench(options);
  const vectors: Float64Array[] = [];
  const encoder = compileFeatures([...PERSONAL_FEATURES, ...EMBEDDING_FEATURES]);
  bench.policy = {
    ...weightedPolicy((id) => (id === 'b03' ? 9 : 1)),
    personal: true,
    read(context) {
      const vector = new Float64Array(encoder.dimension);
      encoder.encode(context, vector);
      vectors.push(vector);
      return { steps: new Int8Array(encoder.dimension), vector };
    },
  };
  const asking = new AskPersona(bench.deps);
  const ask = (persona: Partial<Persona> = {}, request: Partial<DecidePageRequest> = {}) =>
    asking.execute({ persona: { ...PERSONA, ...persona }, request: aRequest(request) });
  return { bench, vectors, ask };
}

function decided([outcome]: readonly PersonaOutcome[]): PersonaDecision {
  invariant(outcome?.ok === true, 'it was decided');
  return outcome.value;
}

describe('asking as a persona', () => {
  it('decides as for a person who did the same', async () => {
    const { bench, vectors, ask } = setUp();
    const { record, slots } = decided(await ask());
    const features = applyEvents(emptyFeatures(), EVENTS);
    bench.profile = { status: 'found', profile: aProfile({ features, traits: PERSONA.traits }) };
    await bench.page.execute(aRequest({ visitorId: visitorId('real') }));
    const [real] = bench.logged;
    expect(vectors[0]).toEqual(vectors[1]);
    expect(vectors[0]?.some((value) => value !== 0)).toBe(true);
    expect(record).toMatchObject({
      distribution: real?.distribution,
      eligible: real?.eligible,
      ...{ ladderStep: 'PERSONAL', consentTier: 'PERSONALIZED', degraded: false, stateRevision: 7 },
    });
    expect(slots.map(({ banner }) => banner.id)).toEqual(record.slots.map(({ bannerId }) => bannerId));
    const [asPersona, asReal] = bench.asked;
    for (const request of [asPersona, asReal]) expect(request?.exposures(campaignId('camp'), 86_400_000)).toBe(1);
    expect(asPersona?.traits).toEqual(asReal?.traits);
  });

  it('writes nothing, seals nothing, remembers nothing, and reads no profile', async () => {
    const touched: string[] = [];
    const { bench, ask } = setUp({ over: { profiles: { read: async () => (touched.push('profile'), { status: 'absent' }) } } });
    bench.settle = async () => (touched.push('answer'), { status: 'FIRST' });
    const outcomes = await ask({}, { visitorId: visitorId('ann'), decisionGroupId: 'group' });
    expect({ touched, logged: bench.logged, sealed: bench.sealed }).toEqual({ touched: [], logged: [], sealed: [] });
    expect(Object.keys(decided(outcomes).slots[0] ?? {})).toEqual(['position', 'banner', 'creative']);
  });

  it('takes the segment that the persona names, else what the live model says', async () => {
    const { bench, ask } = setUp();
    bench.model = aSegmentModel();
    expect(decided(await ask()).record).toMatchObject({ segmentId: 'seg-1', segmentModelVersion: 4 });
    expect(decided(await ask({ segmentId: 'seg-2' })).record).toMatchObject({ segmentId: 'seg-2', segmentModelVersion: 4 });
    const without = setUp();
    expect(decided(await without.ask({ segmentId: 'seg-2' })).record).toMatchObject({ segmentId: 'seg-2' });
  });

  it('stands in the middle of the segment that the persona names, and nowhere when the live model has no such segment', async () => {
    const { bench, vectors, ask } = setUp();
    const coordinates = async (segmentId: string | null) => {
      await ask({ segmentId });
      return Array.from(vectors.at(-1)?.subarray(-EMBEDDING_FEATURES.length) ?? []);
    };
    bench.model = aSegmentModel();
    expect(await coordinates('seg-2')).toEqual([-2, 3]);
    expect(await coordinates('seg-9')).toEqual([0, 0]);
    const features = encodeSegmentFeatures({ features: applyEvents(emptyFeatures(), EVENTS) }, NOON);
    expect(await coordinates(null)).toEqual(Array.from(features.subarray(0, 2)));
    bench.model = null;
    expect(await coordinates('seg-2')).toEqual([0, 0]);
  });

  it('knows only the request of a persona that does not consent', async () => {
    const { ask } = setUp();
    const { record } = decided(await ask({ personalized: false, segmentId: 'seg-2' }));
    expect(record).toMatchObject({ consentTier: 'CONTEXT_ONLY', segmentId: null, visitorHash: null });
  });

  it('is held out as often as shoppers are, and always or never under a visitor id', async () => {
    const { ask } = setUp({ placements: [aPlacement({ holdoutShare: 0.5 })] });
    const layers = await Promise.all(Array.from({ length: 64 }, async () => decided(await ask()).record.layer));
    expect(new Set(layers).has('HOLDOUT')).toBe(true);
    expect(layers.filter((layer) => layer === 'HOLDOUT').length).toBeLessThan(64);
    const same = await Promise.all(
      Array.from({ length: 8 }, async () => decided(await ask({}, { visitorId: visitorId('v') })).record.layer === 'HOLDOUT'),
    );
    expect(new Set(same).size).toBe(1);
  });

  it('carries a code where a placement cannot be decided', async () => {
    const { ask } = setUp();
    const outcomes = await ask(
      {},
      { placements: [...aRequest().placements, { id: placementId('nowhere'), slots: null, excludeBannerIds: [] }] },
    );
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false]);
    expect(outcomes[1]).toEqual({ ok: false, error: { code: 'UNKNOWN_PLACEMENT', placementId: 'nowhere', feature: null } });
  });
});
