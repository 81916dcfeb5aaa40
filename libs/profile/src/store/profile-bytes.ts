import type { Profile } from '../domain/types';

/** Objects of the fixed shape, by V8's 8-byte fields and headers. */
const FIXED = 700;
const PER_STRING = 24;
const PER_ENTRY = 72;
const PER_NUMBER = 8;
const PER_OBJECT = 32;

/** Rough heap size of a cached profile in bytes: good enough to keep the cache within its budget, not for accounting. */
export function profileBytes(profile: Profile): number {
  let bytes = FIXED;
  for (const alias of profile.aliases) bytes += PER_STRING + PER_NUMBER + alias.length;
  for (const [key, value] of Object.entries(profile.traits))
    bytes += PER_ENTRY + key.length + (typeof value === 'string' ? value.length : 0);
  return bytes + stateBytes(profile.features);
}

/** Arrays and objects by their members, whatever families there are. */
function stateBytes(value: unknown): number {
  if (typeof value === 'string') return PER_STRING + value.length;
  if (typeof value !== 'object' || value === null) return PER_NUMBER;
  return Object.values(value).reduce<number>((sum, member) => sum + stateBytes(member), PER_OBJECT);
}
