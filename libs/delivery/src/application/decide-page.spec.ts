import { bannerId, DomainError, placementId, visitorId } from '@vitrine/kernel';
import { aBanner, aProfile, eligibleBanners, PERSONAL_FEATURES, weightedPolicy } from '../fixtures';
import { compileFeatures } from '../domain/feature-encoder';
import type { ServablePolicy } from '../domain/servable-policy';
import { aRequest, bannersOf, pageBench } from '../page-fixtures';
import type { PageAnswer } from './page-answer';
import type { FirstAnswer } from './ports';

const ANNA = visitorId('anna');
const both = [
  { id: placementId('home-hero'), slots: 3, excludeBannerIds: [] },
  { id: placementId('side'), slots: 4, excludeBannerIds: [] },
];

/** Keeps what it read, so that a spec can look at the vector. */
function reading(vectors: Float64Array[]): ServablePolicy {
  const encoder = compileFeatures(PERSONAL_FEATURES);
  return {
    ...weightedPolicy(() => 1),
    personal: true,
    read(context) {
      const vector = new Float64Array(encoder.dimension);
      encoder.encode(context, vector);
      vectors.push(vector);
      return { steps: new Int8Array(encoder.dimension), vector };
    },
  };
}

describe('DecidePage', () => {
  it('answers every slot with a banner, its creative, a token and a click URL without the context', async () => {
    const bench = pageBench();
    const answer = await bench.page.execute(aRequest({ context: { ...aRequest().context, features: { secret: 'x' } } }));
    const [first] = answer.decisions;
    if (first?.ok !== true) throw new RangeError('an answer');
    expect(first.value.slots).toHaveLength(3);
    first.value.slots.forEach((slot, position) => {
      expect(slot.clickUrl).toBe(`${slot.banner.landingUrl}?vtr=${first.value.decisionId}.${position}`);
      expect(slot.creative.id).toBe(`cr-${slot.banner.id}`);
      expect(bench.sealed[position]).toMatchObject({
        slot: position,
        bannerId: slot.banner.id,
        decisionId: first.value.decisionId,
        catalogRevision: 5,
        stateRevision: 7,
      });
    });
    expect(bench.logged).toHaveLength(1);
    expect(bench.logged[0]?.slots.map(({ propensity }) => propensity)).toEqual(bench.sealed.map(({ propensity }) => propensity));
  });

  it('never shows a banner twice on a page, and says ALREADY_ON_PAGE', async () => {
    const bench = pageBench();
    const [hero, side] = bannersOf(await bench.page.execute(aRequest({ placements: both })));
    expect(hero).toHaveLength(3);
    expect(side).toHaveLength(3); // six banners in all
    expect(new Set([...(hero ?? []), ...(side ?? [])]).size).toBe(6);
    expect(bench.logged[1]?.rejected).toEqual((hero ?? []).toSorted().map((id) => ({ bannerId: id, reason: 'ALREADY_ON_PAGE' })));
  });

  it("leaves out the caller's own exclusions, and tells them apart from the page's", async () => {
    const bench = pageBench();
    const placements = [
      { id: placementId('home-hero'), slots: 2, excludeBannerIds: [bannerId('b00')] },
      { id: placementId('side'), slots: 2, excludeBannerIds: [bannerId('b00')] },
    ];
    await bench.page.execute(aRequest({ placements }));
    const reasons = bench.logged[1]?.rejected.map(({ bannerId: id, reason }) => (id === 'b00' ? reason : `page:${reason}`));
    expect(reasons).toEqual(['EXCLUDED', 'page:ALREADY_ON_PAGE', 'page:ALREADY_ON_PAGE']);
  });

  it('does not repeat fallback banners either', async () => {
    const bench = pageBench({ eligible: [], fallback: eligibleBanners(4, 'f') });
    expect(bannersOf(await bench.page.execute(aRequest({ placements: both })))).toEqual([['f00', 'f01', 'f02'], ['f03']]);
  });

  it('codes an unknown placement at its place and answers the others', async () => {
    const bench = pageBench();
    const placements = [{ id: placementId('nowhere'), slots: null, excludeBannerIds: [] }, ...both];
    const { decisions } = await bench.page.execute(aRequest({ placements }));
    expect(decisions.map(({ ok }) => ok)).toEqual([false, true, true]);
    expect(decisions[0]).toEqual({ ok: false, error: { code: 'UNKNOWN_PLACEMENT', placementId: 'nowhere', feature: null } });
  });

  it('codes a feature value that is not finite at its place and names it', async () => {
    const bench = pageBench();
    bench.policy = reading([]);
    const { decisions } = await bench.page.execute(aRequest({ context: { ...aRequest().context, features: { temperature: Number.NaN } } }));
    expect(decisions[0]).toEqual({ ok: false, error: { code: 'FEATURE_VALUE_INVALID', placementId: 'home-hero', feature: 'temperature' } });
  });

  it('says that the catalogue is not there yet', async () => {
    const { decisions } = await pageBench({ catalogMissing: true }).page.execute(aRequest());
    expect(decisions[0]).toMatchObject({ ok: false, error: { code: 'DEPENDENCY_UNAVAILABLE' } });
  });

  it('gives bots banners and leaves no record', async () => {
    const bench = pageBench();
    expect(bannersOf(await bench.page.execute(aRequest({ bot: true })))[0]).toHaveLength(3);
    expect(bench.logged).toEqual([]);
  });

  it('decides two askings of one placement differently even under one group id', async () => {
    const bench = pageBench();
    const twice = [both[0], both[0]].flatMap((request) => request ?? []);
    await bench.page.execute(aRequest({ placements: twice, decisionGroupId: 'g' }));
    expect(new Set(bench.logged.map(({ id }) => id)).size).toBe(2);
  });
});

describe('consent', () => {
  const ask = async (profile: ReturnType<typeof pageBench>['profile']) => {
    const vectors: Float64Array[] = [];
    const bench = pageBench();
    bench.policy = reading(vectors);
    bench.profile = profile;
    await bench.page.execute(aRequest({ visitorId: ANNA }));
    return { bench, personalPart: Array.from(vectors[0]?.subarray(4) ?? []), record: bench.logged[0], asked: bench.asked[0] };
  };

  it('reads the profile with the consent to PERSONALIZATION', async () => {
    const { personalPart, record, asked } = await ask({ status: 'found', profile: aProfile() });
    expect(personalPart.some((x) => x !== 0)).toBe(true);
    expect(record).toMatchObject({ consentTier: 'PERSONALIZED', ladderStep: 'PERSONAL' });
    expect(record?.visitorHash).not.toBeNull();
    expect(asked?.traits).toEqual({ tier: 'gold' });
    expect(asked?.exposures(aCampaign, 10_000)).toBe(1);
  });

  it.each(['DENIED', 'REVOKED'] as const)('reads nothing personal when consent is %s', async (status) => {
    const consent = { PERSONALIZATION: { status, at: 0, source: 'spec' } };
    const { personalPart, record, asked } = await ask({ status: 'found', profile: aProfile({ consent }) });
    expect(personalPart).toEqual(new Array(8).fill(0));
    expect(record).toMatchObject({ consentTier: 'CONTEXT_ONLY', visitorHash: null, segmentId: null, degraded: false });
    expect(asked).toMatchObject({ traits: {}, segment: null });
    expect(asked?.exposures(aCampaign, 10_000)).toBe(0);
  });

  it.each([
    ['is personalized', undefined, 'PERSONALIZED'],
    ['who refused keeps the refusal', { PERSONALIZATION: { status: 'DENIED', at: 0, source: 'spec' } }, 'CONTEXT_ONLY'],
  ] as const)('where consent is granted by default, a stranger %s', async (_what, consent, consentTier) => {
    const bench = pageBench({ over: { consentDefault: 'GRANTED' } });
    bench.profile = { status: 'absent', ...(consent === undefined ? {} : { consent }) };
    await bench.page.execute(aRequest({ visitorId: ANNA }));
    expect(bench.logged[0]).toMatchObject({ consentTier });
  });

  it('reads nothing personal by default, and while the profile cannot be read', async () => {
    expect((await ask({ status: 'found', profile: aProfile({ consent: {} }) })).personalPart).toEqual(new Array(8).fill(0));
    const away = await ask({ status: 'unavailable' });
    expect(away.personalPart).toEqual(new Array(8).fill(0));
    expect(away.record).toMatchObject({ consentTier: 'CONTEXT_ONLY', ladderStep: 'SEGMENT', degraded: true, visitorHash: null });
  });
});

const aCampaign = aBanner('b00').campaignId;

describe('a group id of the client', () => {
  /** One store for several gateways. */
  function sharedStore(): (key: string, inputHash: string, answer: PageAnswer) => Promise<FirstAnswer> {
    const kept = new Map<string, { readonly inputHash: string; readonly answer: PageAnswer }>();
    return (key, inputHash, answer) => {
      const first = kept.get(key);
      if (first === undefined) kept.set(key, { inputHash, answer });
      if (first === undefined) return Promise.resolve({ status: 'FIRST' });
      return Promise.resolve(first.inputHash === inputHash ? { status: 'REPEATED', answer: first.answer } : { status: 'CONFLICT' });
    };
  }
  const request = aRequest({ decisionGroupId: 'cart-1', visitorId: ANNA, placements: both });

  it('gives the same answer again on another gateway, and logs it once', async () => {
    const settle = sharedStore();
    const [one, two] = [pageBench(), pageBench()];
    one.settle = settle;
    two.settle = settle;
    const first = await one.page.execute(request);
    two.clock.advance(5_000);
    expect(await two.page.execute(request)).toBe(first);
    expect([one.logged.length, two.logged.length]).toEqual([2, 0]);
  });

  it('refuses another input under the same id, whatever the order of its features', async () => {
    const bench = pageBench();
    bench.settle = sharedStore();
    const withFeatures = (features: Record<string, number>) => ({ ...request, context: { ...request.context, features } });
    const first = await bench.page.execute(withFeatures({ a: 1, b: 2 }));
    expect(await bench.page.execute(withFeatures({ b: 2, a: 1 }))).toBe(first);
    await expect(bench.page.execute(withFeatures({ a: 1 }))).rejects.toMatchObject({ code: 'DECISION_GROUP_CONFLICT' });
    await expect(bench.page.execute(withFeatures({ a: 1 }))).rejects.toThrow(DomainError);
  });

  it('belongs to one visitor and one key', async () => {
    const bench = pageBench();
    const keys: string[] = [];
    bench.settle = (key) => Promise.resolve(keys.push(key)).then(() => ({ status: 'FIRST' }));
    await bench.page.execute(request);
    await bench.page.execute({ ...request, visitorId: visitorId('bob') });
    await bench.page.execute({ ...request, keyId: 'other' });
    expect(new Set(keys).size).toBe(3);
    expect(new Set(bench.logged.map(({ id }) => id)).size).toBe(6);
  });

  it('is computed again with the same draw, and marked degraded, while the store is away', async () => {
    const bench = pageBench();
    bench.settle = () => Promise.resolve({ status: 'UNAVAILABLE' });
    const first = await bench.page.execute(request);
    bench.clock.advance(1_000);
    const second = await bench.page.execute(request);
    expect(bannersOf(second)).toEqual(bannersOf(first));
    expect(second.decisions.map((outcome) => outcome.ok && [outcome.value.degraded, outcome.value.decisionId])).toEqual(
      first.decisions.map((outcome) => outcome.ok && [true, outcome.value.decisionId]),
    );
    expect(bench.logged.every(({ degraded }) => degraded)).toBe(true);
  });

  it('is not in the record, as it may name the visitor; and a request without one does not pay for the store', async () => {
    const bench = pageBench();
    await bench.page.execute(request);
    expect(JSON.stringify(bench.logged)).not.toContain('cart-1');
    bench.settle = () => Promise.reject(new RangeError('must not be asked'));
    expect((await bench.page.execute(aRequest())).decisions[0]?.ok).toBe(true);
  });

  it('lets the user of a token win over the visitor id', async () => {
    const bench = pageBench();
    await bench.page.execute(aRequest({ visitorId: ANNA, userId: visitorId('user-7') }));
    await bench.page.execute(aRequest({ visitorId: visitorId('user-7') }));
    expect(bench.sealed[0]?.visitorHash).toBe(bench.sealed[3]?.visitorHash);
  });
});
