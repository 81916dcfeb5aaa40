import { campaignId, placementId } from '@vitrine/kernel';
import { aBanner, aCampaign, aCreative, aPlacement, aRequest, compiledFrom, HERO, NOON } from './catalog.fixtures';
import { audienceFailures } from './compiled-catalog';
import { eligibility } from './eligibility';
import { openEligibilityPage } from './eligibility-page';
import type { Banner, Campaign, EligibilityRequest, RejectionReason } from './types';

function reasonOf(
  campaign: Partial<Campaign>,
  banner: Partial<Banner> = {},
  request: Partial<EligibilityRequest> = {},
): RejectionReason | null {
  const compiled = compiledFrom({ campaigns: [aCampaign('c', campaign)], banners: [aBanner('b', 'c', banner)] });
  const { eligible, rejected } = eligibility(compiled, HERO, aRequest(request));
  expect(eligible.length + rejected.length).toBe(1);
  return rejected[0]?.reason ?? null;
}

describe('eligibility', () => {
  it('admits an ordinary banner with its creative and pacing', () => {
    const compiled = compiledFrom({ campaigns: [aCampaign('c', { pacing: 0.5 })], banners: [aBanner('b', 'c')] });
    const { eligible, rejected } = eligibility(compiled, HERO, aRequest());
    expect(eligible).toEqual([{ banner: aBanner('b', 'c'), creative: aCreative(), pacing: 0.5 }]);
    expect(rejected).toEqual([]);
  });

  it('refuses an unknown placement by code', () => {
    const compiled = compiledFrom({ campaigns: [], banners: [] });
    expect(() => eligibility(compiled, placementId('nowhere'), aRequest())).toThrow(expect.objectContaining({ code: 'UNKNOWN_PLACEMENT' }));
  });

  it.each<[string, RejectionReason | null, Partial<Campaign>, Partial<Banner>, Partial<EligibilityRequest>]>([
    ['a disabled banner', 'BANNER_DISABLED', {}, { enabled: false }, {}],
    ['a disabled campaign', 'CAMPAIGN_DISABLED', { enabled: false }, {}, {}],
    ['a flight that begins in a millisecond', 'BEFORE_FLIGHT', { startsAt: NOON + 1 }, {}, {}],
    ['a flight that begins now', null, { startsAt: NOON }, {}, {}],
    ['a flight that ends now', 'AFTER_FLIGHT', { endsAt: NOON }, {}, {}],
    ['a flight that ends in a millisecond', null, { endsAt: NOON + 1 }, {}, {}],
    ['a day-part that ends at noon', 'OUTSIDE_DAY_PART', { dayParts: [{ weekdays: [], fromMinute: 0, toMinute: 720 }] }, {}, {}],
    ['a day-part that starts at noon', null, { dayParts: [{ weekdays: [], fromMinute: 720, toMinute: 721 }] }, {}, {}],
    ['a rule that does not hold', 'AUDIENCE', { audience: 'device == "TV"' }, {}, {}],
    ['a rule that holds', null, { audience: 'traits.vip' }, {}, { traits: { vip: true } }],
    ['a banner without a creative for the device', 'NO_CREATIVE', {}, { creatives: [aCreative({ devices: ['TV'] })] }, {}],
    ['an excluded banner', 'EXCLUDED', {}, {}, { excludedBannerIds: new Set(['b']) }],
    ['a draw equal to the pacing', 'PACING', { pacing: 0.5 }, {}, { pacingDraw: () => 0.5 }],
    ['a draw just below the pacing', null, { pacing: 0.5 }, {}, { pacingDraw: () => 0.4999999 }],
  ])('judges %s: %s', (_, reason, campaign, banner, request) => {
    expect(reasonOf(campaign, banner, request)).toBe(reason);
  });

  it('gives the first reason in the documented order when several apply', () => {
    const request = { exposures: () => 9, pacingDraw: () => 1, excludedBannerIds: new Set(['b']) };
    const campaign = { frequencyCap: { limit: 1, windowMs: 1 }, pacing: 0.1 };
    expect(reasonOf({ ...campaign, audience: 'false' }, { creatives: [] }, request)).toBe('AUDIENCE');
    expect(reasonOf(campaign, { creatives: [] }, request)).toBe('NO_CREATIVE');
    expect(reasonOf(campaign, {}, request)).toBe('FREQUENCY_CAP');
    expect(reasonOf({ pacing: 0.1 }, {}, request)).toBe('EXCLUDED');
  });

  it('lets exactly as many shows through as the cap allows', () => {
    for (const limit of [1, 3]) {
      let shown = 0;
      for (let visit = 0; visit < 6; visit++) {
        const exposures = shown;
        if (reasonOf({ frequencyCap: { limit, windowMs: 1_000 } }, {}, { exposures: () => exposures }) === null) shown += 1;
      }
      expect(shown).toBe(limit);
    }
  });

  it('asks exposures for the campaign and window of the cap', () => {
    const asked: unknown[] = [];
    const exposures: EligibilityRequest['exposures'] = (...args) => (asked.push(args), 0);
    reasonOf({ frequencyCap: { limit: 1, windowMs: 5_000 } }, {}, { exposures });
    expect(asked).toEqual([['c', 5_000]]);
  });

  it('offers only the lowest tier that has a banner left', () => {
    const campaigns = [
      aCampaign('gold', { tier: 0, audience: 'false' }),
      aCampaign('silver', { tier: 5 }),
      aCampaign('bronze', { tier: 9 }),
    ];
    const compiled = compiledFrom({
      campaigns,
      banners: [aBanner('z', 'silver'), aBanner('b', 'bronze'), aBanner('a', 'gold'), aBanner('y', 'silver')],
    });
    const { eligible, rejected } = eligibility(compiled, HERO, aRequest());
    expect(eligible.map(({ banner }) => banner.id)).toEqual(['y', 'z']);
    expect(rejected).toEqual([
      { bannerId: 'a', reason: 'AUDIENCE' },
      { bannerId: 'b', reason: 'LOWER_TIER' },
    ]);
  });

  it('leaves campaigns of other placements out altogether', () => {
    const compiled = compiledFrom({ campaigns: [aCampaign('c', { placementIds: [placementId('other')] })], banners: [aBanner('b', 'c')] });
    expect(eligibility(compiled, HERO, aRequest())).toEqual({ eligible: [], rejected: [] });
  });

  it('counts rules that cannot handle a visitor, and does not admit him', () => {
    const compiled = compiledFrom({
      campaigns: [aCampaign('c', { audience: 'traits.age > 30' })],
      banners: [aBanner('b', 'c'), aBanner('d', 'c')],
    });
    expect(eligibility(compiled, HERO, aRequest({ traits: { age: 'old' } })).eligible).toEqual([]);
    expect(eligibility(compiled, HERO, aRequest({ traits: {} })).eligible).toEqual([]);
    expect(audienceFailures(compiled)).toEqual(new Map([[campaignId('c'), 1]]));
  });

  it('stops a stored campaign whose rule or time zone cannot be read, and no other', () => {
    const dayParts = [{ weekdays: [], fromMinute: 0, toMinute: 1_440 }];
    const campaigns = [aCampaign('bad', { audience: '((' }), aCampaign('lost', { timeZone: 'Mars/Olympus', dayParts }), aCampaign('good')];
    const compiled = compiledFrom({ campaigns, banners: [aBanner('b', 'bad'), aBanner('g', 'good'), aBanner('l', 'lost')] });
    expect(compiled.faults.map(({ campaignId: id, field }) => [id, field])).toEqual([
      ['bad', 'audience'],
      ['lost', 'timeZone'],
    ]);
    const { eligible, rejected } = eligibility(compiled, HERO, aRequest());
    expect(eligible.map(({ banner }) => banner.id)).toEqual(['g']);
    expect(rejected).toEqual([
      { bannerId: 'b', reason: 'AUDIENCE' },
      { bannerId: 'l', reason: 'OUTSIDE_DAY_PART' },
    ]);
  });
});

describe('eligibility of one page', () => {
  const other = placementId('other');
  const placements = [aPlacement(), aPlacement({ id: other })];

  it('asks caps once per campaign and draws pacing per placement', () => {
    const campaign = aCampaign('c', { placementIds: [HERO, other], frequencyCap: { limit: 1, windowMs: 1 }, pacing: 0.5 });
    const compiled = compiledFrom({ placements, campaigns: [campaign], banners: [aBanner('a', 'c'), aBanner('b', 'c')] });
    const page = openEligibilityPage(compiled);
    const exposures = jest.fn(() => 0);
    const first = jest.fn(() => 0.1);
    const second = jest.fn(() => 0.9);
    expect(eligibility(compiled, HERO, aRequest({ exposures, pacingDraw: first }), page).eligible).toHaveLength(2);
    expect(eligibility(compiled, other, aRequest({ exposures, pacingDraw: second }), page).rejected.map(({ reason }) => reason)).toEqual([
      'PACING',
      'PACING',
    ]);
    expect([exposures, first, second].map((fake) => fake.mock.calls.length)).toEqual([1, 1, 1]);
  });

  it('evaluates a rule once for all placements', () => {
    const campaign = aCampaign('c', { placementIds: [HERO, other], audience: 'traits.age > 30' });
    const compiled = compiledFrom({ placements, campaigns: [campaign], banners: [aBanner('a', 'c'), aBanner('b', 'c')] });
    const page = openEligibilityPage(compiled);
    for (const id of [HERO, other]) eligibility(compiled, id, aRequest({ traits: { age: 'old' } }), page);
    expect(audienceFailures(compiled)).toEqual(new Map([[campaignId('c'), 1]]));
  });

  it('refuses a page of another catalogue', () => {
    const parts = { campaigns: [], banners: [] };
    expect(() => eligibility(compiledFrom(parts), HERO, aRequest(), openEligibilityPage(compiledFrom(parts)))).toThrow('a page belongs');
  });
});
