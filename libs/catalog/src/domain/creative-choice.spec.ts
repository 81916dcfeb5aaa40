import { aCreative } from './catalog.fixtures';
import { chooseCreative, localeChain } from './creative-choice';
import type { Creative, DeviceClass } from './types';

function chosen(
  creatives: readonly Partial<Creative>[],
  locale: string | null = null,
  sizes: Parameters<typeof chooseCreative>[1]['sizes'] = {},
): string | null {
  const device: DeviceClass = 'MOBILE';
  const full = creatives.map((parts, i) => aCreative({ id: `k${i}`, ...parts }));
  const choice = chooseCreative(full, { sizes, device, locales: localeChain(locale) });
  const reversed = chooseCreative(full.toReversed(), { sizes, device, locales: localeChain(locale) });
  expect(reversed?.id).toBe(choice?.id);
  return choice?.id ?? null;
}

describe('localeChain', () => {
  it.each([
    ['de-CH', ['de-ch', 'de']],
    ['zh-Hant-TW', ['zh-hant-tw', 'zh-hant', 'zh']],
    ['en_GB', ['en-gb', 'en']],
    ['de-x-private', ['de-x-private', 'de']],
    [null, []],
    ['', []],
    ['a'.repeat(400), []],
  ])('falls back from %s to %j', (locale, chain) => {
    expect(localeChain(locale)).toEqual(chain);
  });
});

describe('chooseCreative', () => {
  it('prefers the exact locale, then the language, then none', () => {
    const creatives = [{ locale: null }, { locale: 'de' }, { locale: 'de-CH' }, { locale: 'fr' }];
    expect(chosen(creatives, 'de-CH')).toBe('k2');
    expect(chosen(creatives, 'de-AT')).toBe('k1');
    expect(chosen(creatives, 'it')).toBe('k0');
    expect(chosen([{ locale: 'de' }], 'it')).toBeNull();
    expect(chosen([{ locale: 'de' }], null)).toBeNull();
  });

  it('prefers a creative made for the device class', () => {
    expect(chosen([{ devices: [] }, { devices: ['MOBILE', 'TV'] }])).toBe('k1');
    expect(chosen([{ devices: ['TV'] }])).toBeNull();
  });

  it('accepts only sizes of the placement for the device, preferred ones first', () => {
    const sizes = {
      MOBILE: [
        { width: 300, height: 250 },
        { width: 320, height: 50 },
      ],
    };
    const creatives = [
      { width: 320, height: 50 },
      { width: 300, height: 250 },
      { width: 1, height: 1 },
    ];
    expect(chosen(creatives, null, sizes)).toBe('k1');
    expect(chosen([{ width: 250, height: 300 }], null, sizes)).toBeNull();
    expect(chosen([{ width: 1, height: 1 }], null, { TV: [{ width: 2, height: 2 }] })).toBe('k0');
  });

  it('breaks ties by id', () => {
    expect(chosen([{ id: 'b' }, { id: 'a' }, { id: 'c' }])).toBe('a');
  });
});
