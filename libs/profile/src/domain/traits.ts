import { err, ok, type Result } from '@vitrine/kernel';
import type { TraitValue, Traits } from './types';

export const MAX_TRAITS = 64;
export const MAX_TRAIT_LENGTH = 200;
const TRAIT_KEY = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** A value sets, null clears, an absent key stays as it is. */
export type TraitPatch = Readonly<Record<string, TraitValue | null>>;

/** Traits with the time each was set; a time without a trait is a trait that was cleared. */
export interface TimedTraits {
  readonly traits: Traits;
  readonly traitTimes: Readonly<Record<string, number>>;
}

/** Reads a patch from a caller. @returns the rule that is broken as error; it names no key and no value, which may be personal */
export function parseTraitPatch(input: unknown): Result<TraitPatch, string> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return err('traits must be an object');
  const entries = Object.entries(input);
  if (entries.length > MAX_TRAITS) return err(`at most ${MAX_TRAITS} traits`);
  const patch: [string, TraitValue | null][] = [];
  for (const [key, value] of entries) {
    if (!TRAIT_KEY.test(key)) return err('a trait key is a letter, then at most 63 letters, digits, underscores or dashes');
    const known = traitValue(value);
    if (known === undefined)
      return err(`a trait is a finite number, true, false, null or a text of at most ${MAX_TRAIT_LENGTH} characters`);
    patch.push([key, known]);
  }
  return ok(Object.fromEntries(patch));
}

function traitValue(value: unknown): TraitValue | null | undefined {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'string') return value.length <= MAX_TRAIT_LENGTH ? value : undefined;
  return undefined;
}

/** Sets and clears traits at `at`; what is already so keeps its time, so that a repeated call changes nothing. */
export function patchTraits(before: TimedTraits, patch: TraitPatch, at: number): TimedTraits {
  const changed = Object.entries(patch).filter(([key, value]) => (Object.hasOwn(before.traits, key) ? before.traits[key] : null) !== value);
  if (changed.length === 0) return before;
  const traits = new Map(Object.entries(before.traits));
  const times = new Map(Object.entries(before.traitTimes));
  for (const [key, value] of changed) {
    times.set(key, Math.max(at, (times.get(key) ?? -1) + 1));
    if (value === null) traits.delete(key);
    else traits.set(key, value);
  }
  return bounded(traits, times);
}

/** Per trait the one set (or cleared) last; at the same moment a value beats its absence, then the greater text. Commutative. */
export function mergeTraits(a: TimedTraits, b: TimedTraits): TimedTraits {
  const traits = new Map<string, TraitValue>();
  const times = new Map<string, number>();
  for (const key of new Set([...Object.keys(a.traitTimes), ...Object.keys(b.traitTimes)])) {
    const winner = later(a, b, key);
    times.set(key, ownTime(winner, key));
    const value = winner.traits[key];
    if (Object.hasOwn(winner.traits, key) && value !== undefined) traits.set(key, value);
  }
  return bounded(traits, times);
}

function ownTime(side: TimedTraits, key: string): number {
  return Object.hasOwn(side.traitTimes, key) ? (side.traitTimes[key] ?? -1) : -1;
}

function later(a: TimedTraits, b: TimedTraits, key: string): TimedTraits {
  const [at, bt] = [ownTime(a, key), ownTime(b, key)];
  if (at !== bt) return at > bt ? a : b;
  const text = (side: TimedTraits): string => (Object.hasOwn(side.traits, key) ? JSON.stringify(side.traits[key]) : '');
  return text(a) >= text(b) ? a : b;
}

/** Past the limit the traits told longest ago go; as many cleared ones are remembered as there may be traits. */
function bounded(traits: ReadonlyMap<string, TraitValue>, times: ReadonlyMap<string, number>): TimedTraits {
  const byTime = [...times].sort(([x, a], [y, b]) => b - a || (x < y ? -1 : 1));
  const live = byTime.filter(([key]) => traits.has(key)).slice(0, MAX_TRAITS);
  const cleared = byTime.filter(([key]) => !traits.has(key)).slice(0, MAX_TRAITS);
  const kept = [...live, ...cleared].sort(([x], [y]) => (x < y ? -1 : 1));
  return {
    traits: Object.fromEntries(
      kept.flatMap(([key]) => {
        const value = traits.get(key);
        return value === undefined ? [] : [[key, value]];
      }),
    ),
    traitTimes: Object.fromEntries(kept),
  };
}
