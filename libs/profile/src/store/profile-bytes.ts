import type { Profile } from '../domain/types';

/** Objects of the fixed shape, by V8's 8-byte fields and headers. */
const FIXED = 700;
const PER_STRING = 24;
const PER_ENTRY = 72;
const PER_TIME = 8;

/** Rough heap size of a cached profile in bytes: good enough to keep the cache within its budget, not for accounting. */
export function profileBytes(profile: Profile): number {
  let bytes = FIXED;
  for (const alias of profile.aliases) bytes += PER_STRING + PER_TIME + alias.length;
  for (const [key, value] of Object.entries(profile.traits))
    bytes += PER_ENTRY + key.length + (typeof value === 'string' ? value.length : 0);
  const { interests, exposures, recentVisits } = profile.features;
  for (const category of Object.keys(interests)) bytes += PER_ENTRY + category.length;
  for (const [campaign, times] of Object.entries(exposures)) bytes += PER_ENTRY + campaign.length + PER_TIME * times.length;
  return bytes + PER_ENTRY * recentVisits.length;
}
