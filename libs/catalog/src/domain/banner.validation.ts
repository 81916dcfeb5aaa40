import { checkCount, checkId, checkOneOf, checkText, checkUnique, checkWebUrl, invalidField } from './field-check';
import { checkSize } from './placement.validation';
import { checkReferences } from './reference-check';
import { DEVICE_CLASSES, MEDIA_TYPES, type Banner, type Creative } from './types';

/**
 * Checks everything that one banner must hold by itself and towards its campaign.
 *
 * @param knownCampaignIds ids of existing campaigns, at least the banner's own if it exists
 * @throws DomainError BAD_USER_INPUT, or UNKNOWN_CAMPAIGN, with the place in `details.field`
 */
export function validateBanner(banner: Banner, knownCampaignIds: ReadonlySet<string>): void {
  checkId('id', banner.id);
  checkReferences('campaignId', [banner.campaignId], { known: knownCampaignIds, code: 'UNKNOWN_CAMPAIGN' });
  checkText('name', banner.name, 200);
  checkWebUrl('landingUrl', banner.landingUrl);
  if (banner.category !== null) checkText('category', banner.category, 100);
  if (banner.priceBand !== null) checkText('priceBand', banner.priceBand, 100);
  checkCount('tags', banner.tags, 50);
  checkUnique('tags', banner.tags);
  banner.tags.forEach((tag, i) => checkText(`tags[${i}]`, tag, 100));
  checkCount('creatives', banner.creatives, 100);
  checkUnique(
    'creatives',
    banner.creatives.map((creative) => creative.id),
  );
  banner.creatives.forEach((creative, i) => checkCreative(`creatives[${i}]`, creative));
}

function checkCreative(field: string, creative: Creative): void {
  checkId(`${field}.id`, creative.id);
  checkOneOf(`${field}.media`, creative.media, MEDIA_TYPES);
  checkSize(field, creative);
  checkUnique(`${field}.devices`, creative.devices);
  creative.devices.forEach((device, i) => checkOneOf(`${field}.devices[${i}]`, device, DEVICE_CLASSES));
  if (creative.locale !== null && !isLocale(creative.locale)) throw invalidField(`${field}.locale`, 'must be a BCP 47 language tag');
  if (creative.altText.length > 500) throw invalidField(`${field}.altText`, 'must have at most 500 characters');
  checkWebUrl(`${field}.url`, creative.url);
}

function isLocale(tag: string): boolean {
  try {
    return tag.length <= 35 && Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false; // RangeError: not well-formed
  }
}
