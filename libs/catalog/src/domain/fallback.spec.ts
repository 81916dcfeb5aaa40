import { bannerId, placementId } from '@vitrine/kernel';
import { aBanner, aCampaign, aCreative, aPlacement, compiledFrom, HERO } from './catalog.fixtures';
import { fallback } from './fallback';

const ids = ['z', 'off', 'stopped', 'a', 'tv'].map(bannerId);
const compiled = compiledFrom({
  placements: [aPlacement({ fallbackBannerIds: ids })],
  campaigns: [aCampaign('c', { pacing: 0.1, endsAt: 0, placementIds: [] }), aCampaign('halted', { enabled: false })],
  banners: [
    aBanner('z', 'c', { creatives: [aCreative({ id: 'de', locale: 'de' }), aCreative()] }),
    aBanner('off', 'c', { enabled: false }),
    aBanner('stopped', 'halted'),
    aBanner('a', 'c'),
    aBanner('tv', 'c', { creatives: [aCreative({ devices: ['TV'] })] }),
  ],
});

describe('fallback', () => {
  it('keeps the order of the placement and leaves out what is disabled or does not fit', () => {
    const shown = fallback(compiled, HERO, 'MOBILE', 'de-CH');
    expect(shown.map(({ banner, creative, pacing }) => [banner.id, creative.id, pacing])).toEqual([
      ['z', 'de', 1],
      ['a', 'main', 1],
    ]);
    expect(fallback(compiled, HERO, 'TV', null).map(({ banner }) => banner.id)).toEqual(['z', 'a', 'tv']);
  });

  it('refuses an unknown placement by code', () => {
    expect(() => fallback(compiled, placementId('nowhere'), 'TV', null)).toThrow(expect.objectContaining({ code: 'UNKNOWN_PLACEMENT' }));
  });
});
