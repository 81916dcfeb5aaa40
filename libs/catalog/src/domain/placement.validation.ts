import { checkCount, checkId, checkInteger, checkOneOf, checkText, checkUnique, invalidField } from './field-check';
import { checkReferences } from './reference-check';
import { rewardFrom } from './reward.validation';
import { ACTIVATION_EVENTS, DEVICE_CLASSES, SURFACES, type Placement } from './types';

const DAY_MS = 86_400_000;
const MAX_PIXELS = 16_384;
const MAX_SLOTS = 50;
const MAX_ATTRIBUTION_WINDOW_MS = 90 * DAY_MS;

/**
 * Checks everything that one placement must hold by itself and towards the banners it names.
 *
 * @param knownBannerIds ids of existing banners, at least those among `fallbackBannerIds` that exist
 * @throws DomainError BAD_USER_INPUT, or UNKNOWN_BANNER, with the place in `details.field`
 */
export function validatePlacement(placement: Placement, knownBannerIds: ReadonlySet<string>): void {
  checkId('id', placement.id);
  checkOneOf('surface', placement.surface, SURFACES);
  checkText('name', placement.name, 200);
  checkInteger('slots', placement.slots, [1, MAX_SLOTS]);
  checkSizes(placement.sizes);
  checkOneOf('activation', placement.activation, ACTIVATION_EVENTS);
  rewardFrom(placement.reward);
  checkInteger('attributionWindowMs', placement.attributionWindowMs, [1, MAX_ATTRIBUTION_WINDOW_MS]);
  if (!(placement.holdoutShare >= 0 && placement.holdoutShare <= 1)) throw invalidField('holdoutShare', 'must lie in [0, 1]');
  checkCount('fallbackBannerIds', placement.fallbackBannerIds, MAX_SLOTS);
  checkUnique('fallbackBannerIds', placement.fallbackBannerIds);
  checkReferences('fallbackBannerIds', placement.fallbackBannerIds, { known: knownBannerIds, code: 'UNKNOWN_BANNER' });
}

function checkSizes(sizes: Placement['sizes']): void {
  for (const [device, accepted] of Object.entries(sizes)) {
    checkOneOf('sizes', device, DEVICE_CLASSES);
    if (accepted.length === 0) throw invalidField(`sizes.${device}`, 'must name a size, or the class must be left out');
    checkCount(`sizes.${device}`, accepted, 50);
    accepted.forEach((size, i) => checkSize(`sizes.${device}[${i}]`, size));
  }
}

/** @throws DomainError BAD_USER_INPUT unless both sides are whole pixels */
export function checkSize(field: string, size: { readonly width: number; readonly height: number }): void {
  checkInteger(`${field}.width`, size.width, [1, MAX_PIXELS]);
  checkInteger(`${field}.height`, size.height, [1, MAX_PIXELS]);
}
