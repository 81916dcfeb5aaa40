import type { Creative, DeviceClass, Placement } from './types';

const MAX_TAG_LENGTH = 35;

/**
 * A language tag and its ever more general forms, lower case: `de-Latn-CH` gives `de-latn-ch`, `de-latn`, `de`. A tag that no registry
 * could hold gives none.
 *
 * @see RFC 4647, section 3.4 (lookup)
 */
export function localeChain(locale: string | null): readonly string[] {
  if (locale === null || locale === '' || locale.length > MAX_TAG_LENGTH) return [];
  const chain: string[] = [];
  let tag = locale.toLowerCase().replaceAll('_', '-');
  while (tag !== '') {
    chain.push(tag);
    tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')));
    if (tag.at(-2) === '-') tag = tag.slice(0, -2); // a singleton introduces what was just removed
  }
  return chain;
}

export interface CreativeDemand {
  readonly sizes: Placement['sizes'];
  readonly device: DeviceClass;
  /** Of `localeChain`. */
  readonly locales: readonly string[];
}

/**
 * The creative that fits best, or null when none fits. Better is, in this order: the closer locale, one made for the device class rather
 * than for all, the size that the placement names earlier, the smaller id; so equal catalogues choose equally.
 */
export function chooseCreative(creatives: readonly Creative[], demand: CreativeDemand): Creative | null {
  let best: Creative | null = null;
  let bestRank: readonly number[] = [];
  for (const creative of creatives) {
    const rank = rankOf(creative, demand);
    if (rank === null) continue;
    const order = best === null ? -1 : compareRanks(rank, bestRank);
    if (order < 0 || (order === 0 && best !== null && creative.id < best.id)) {
      best = creative;
      bestRank = rank;
    }
  }
  return best;
}

function rankOf(creative: Creative, { sizes, device, locales }: CreativeDemand): readonly number[] | null {
  if (creative.devices.length > 0 && !creative.devices.includes(device)) return null;
  const accepted = sizes[device];
  const size =
    accepted === undefined ? 0 : accepted.findIndex(({ width, height }) => width === creative.width && height === creative.height);
  if (size < 0) return null;
  const locale = creative.locale === null ? locales.length : locales.indexOf(creative.locale.toLowerCase());
  if (locale < 0) return null;
  return [locale, creative.devices.length > 0 ? 0 : 1, size];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
