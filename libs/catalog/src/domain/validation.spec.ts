import { bannerId, placementId } from '@vitrine/kernel';
import { validateBanner } from './banner.validation';
import { validateCampaign } from './campaign.validation';
import { aBanner, aCampaign, aCreative, aPlacement, HERO } from './catalog.fixtures';
import { createCelAudienceCompiler } from './cel-audience-compiler';
import { validatePlacement } from './placement.validation';
import type { Banner, Campaign, Placement } from './types';

const audiences = createCelAudienceCompiler();
const faultOf = (check: () => void): unknown => {
  try {
    check();
    return null;
  } catch (error) {
    return error;
  }
};

describe('validatePlacement', () => {
  const check = (parts: Partial<Placement>, known: readonly string[] = []) =>
    faultOf(() => validatePlacement(aPlacement(parts), new Set(known)));

  it('accepts a sound placement', () => {
    expect(check({ fallbackBannerIds: [bannerId('b')], sizes: { MOBILE: [{ width: 1, height: 1 }] } }, ['b'])).toBeNull();
  });

  const reward = aPlacement().reward;
  it.each<[string, Partial<Placement>, string, string]>([
    ['no slot', { slots: 0 }, 'slots', 'BAD_USER_INPUT'],
    ['half a slot', { slots: 1.5 }, 'slots', 'BAD_USER_INPUT'],
    ['a blank name', { name: '  ' }, 'name', 'BAD_USER_INPUT'],
    ['a size without width', { sizes: { TV: [{ width: 0, height: 1 }] } }, 'sizes.TV[0].width', 'BAD_USER_INPUT'],
    ['a device class without sizes', { sizes: { TV: [] } }, 'sizes.TV', 'BAD_USER_INPUT'],
    ['a holdout above one', { holdoutShare: 1.01 }, 'holdoutShare', 'BAD_USER_INPUT'],
    ['a holdout that is no number', { holdoutShare: Number.NaN }, 'holdoutShare', 'BAD_USER_INPUT'],
    ['an empty reward range', { reward: { ...reward, min: 1, max: 1 } }, 'reward.max', 'BAD_USER_INPUT'],
    ['a default reward out of range', { reward: { ...reward, defaultReward: 2 } }, 'reward.defaultReward', 'BAD_USER_INPUT'],
    [
      'an infinite weight',
      { reward: { ...reward, weights: { CLICK: Number.POSITIVE_INFINITY } } },
      'reward.weights.CLICK',
      'BAD_USER_INPUT',
    ],
    [
      'a cap of half a cent',
      { reward: { ...reward, valueTransform: { kind: 'CAP', capMinor: 0.5 } } },
      'reward.valueTransform.capMinor',
      'BAD_USER_INPUT',
    ],
    [
      'a half-life below 0',
      { reward: { ...reward, delayDiscount: { kind: 'EXPONENTIAL', halfLifeMs: -1 } } },
      'reward.delayDiscount.halfLifeMs',
      'BAD_USER_INPUT',
    ],
    ['no attribution window', { attributionWindowMs: 0 }, 'attributionWindowMs', 'BAD_USER_INPUT'],
    ['a fallback that does not exist', { fallbackBannerIds: [bannerId('b'), bannerId('x')] }, 'fallbackBannerIds[1]', 'UNKNOWN_BANNER'],
    ['a fallback named twice', { fallbackBannerIds: [bannerId('b'), bannerId('b')] }, 'fallbackBannerIds', 'BAD_USER_INPUT'],
  ])('refuses %s', (_, parts, field, code) => {
    expect(check(parts, ['b'])).toMatchObject({ code, details: { field } });
  });
});

describe('validateCampaign', () => {
  const check = (parts: Partial<Campaign>) =>
    faultOf(() => validateCampaign(aCampaign('c', parts), { placementIds: new Set([HERO]), audiences }));

  it('accepts a sound campaign', () => {
    const dayParts = [{ weekdays: [1, 7], fromMinute: 1_320, toMinute: 360 }];
    expect(
      check({ dayParts, audience: 'traits.vip', frequencyCap: { limit: 1, windowMs: 1 }, timeZone: 'Europe/Zurich', pacing: 0.01 }),
    ).toBeNull();
  });

  it.each<[string, Partial<Campaign>, string, string]>([
    ['an unknown placement', { placementIds: [HERO, placementId('x')] }, 'placementIds[1]', 'UNKNOWN_PLACEMENT'],
    ['a flight that ends as it begins', { startsAt: 5, endsAt: 5 }, 'endsAt', 'BAD_USER_INPUT'],
    ['an unknown time zone', { timeZone: 'Mars/Olympus' }, 'timeZone', 'BAD_USER_INPUT'],
    ['weekday 0', { dayParts: [{ weekdays: [0], fromMinute: 0, toMinute: 1 }] }, 'dayParts[0].weekdays[0]', 'BAD_USER_INPUT'],
    [
      'minute 1440 as a start',
      { dayParts: [{ weekdays: [], fromMinute: 1_440, toMinute: 1 }] },
      'dayParts[0].fromMinute',
      'BAD_USER_INPUT',
    ],
    ['an empty day-part', { dayParts: [{ weekdays: [], fromMinute: 9, toMinute: 9 }] }, 'dayParts[0].toMinute', 'BAD_USER_INPUT'],
    ['no pacing at all', { pacing: 0 }, 'pacing', 'BAD_USER_INPUT'],
    ['pacing above one', { pacing: 1.5 }, 'pacing', 'BAD_USER_INPUT'],
    ['a cap of zero', { frequencyCap: { limit: 0, windowMs: 1 } }, 'frequencyCap.limit', 'BAD_USER_INPUT'],
    ['a cap without a window', { frequencyCap: { limit: 1, windowMs: 0 } }, 'frequencyCap.windowMs', 'BAD_USER_INPUT'],
    ['a negative tier', { tier: -1 }, 'tier', 'BAD_USER_INPUT'],
    ['a rule that does not compile', { audience: 'true &&' }, 'audience', 'RULE_INVALID'],
  ])('refuses %s', (_, parts, field, code) => {
    expect(check(parts)).toMatchObject({ code, details: { field } });
  });

  it('says where a rule is wrong', () => {
    expect(check({ audience: 'true && nobody == 1' })).toMatchObject({ details: { field: 'audience', position: 8 } });
  });
});

describe('validateBanner', () => {
  const check = (parts: Partial<Banner>) => faultOf(() => validateBanner(aBanner('b', 'c', parts), new Set(['c'])));

  it('accepts a sound banner', () => {
    expect(check({ creatives: [aCreative({ locale: 'de-CH', devices: ['TV'] }), aCreative({ id: 'other' })], tags: ['new'] })).toBeNull();
  });

  it.each<[string, Partial<Banner>, string]>([
    ['a link that runs code', { landingUrl: 'javascript:alert(1)' }, 'landingUrl'],
    ['a relative link', { landingUrl: '/sale' }, 'landingUrl'],
    ['a creative without height', { creatives: [aCreative({ height: 0 })] }, 'creatives[0].height'],
    ['two creatives of one id', { creatives: [aCreative(), aCreative()] }, 'creatives'],
    ['a malformed locale', { creatives: [aCreative({ locale: 'deutsch!' })] }, 'creatives[0].locale'],
    ['a creative from a data address', { creatives: [aCreative({ url: 'data:text/html,x' })] }, 'creatives[0].url'],
    ['a repeated tag', { tags: ['a', 'a'] }, 'tags'],
  ])('refuses %s', (_, parts, field) => {
    expect(check(parts)).toMatchObject({ code: 'BAD_USER_INPUT', details: { field } });
  });

  it('refuses an unknown campaign', () => {
    expect(faultOf(() => validateBanner(aBanner('b', 'x'), new Set(['c'])))).toMatchObject({ code: 'UNKNOWN_CAMPAIGN' });
  });
});
