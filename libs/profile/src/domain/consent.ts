import { PURPOSES, type Consent, type ConsentEntry, type ConsentStatus, type ConsentWord, type Purpose } from './types';

/** What holds for a purpose about which a person said nothing; DENIED out of the box. */
export type ConsentDefault = 'GRANTED' | 'DENIED';

/** Whether data may be used for the purpose. */
export function mayDo(consent: Consent, purpose: Purpose, byDefault: ConsentDefault): boolean {
  return (consent[purpose]?.status ?? byDefault) === 'GRANTED';
}

/** Words kept per purpose. Events are taken for thirty days, in which no person changes their mind this often; a script might. */
export const MAX_CONSENT_WORDS = 20;
/** A device's clock may run behind the server that stamps consent: what it says happened this shortly before a word came after it. */
export const CONSENT_CLOCK_TOLERANCE_MS = 5_000;

/**
 * Whether data of the moment `at` may be used: it was granted then and is granted now, so that a grant does not reach back and a
 * withdrawal reaches what arrives late. Before the first word the default holds; before the oldest of a full history nothing is granted.
 *
 * @param at ms since the epoch, by the clock of a device
 */
export function mayUse(consent: Consent, purpose: Purpose, of: { readonly at: number; readonly byDefault: ConsentDefault }): boolean {
  return (
    mayDo(consent, purpose, of.byDefault) && statusAt(consent[purpose], of.at + CONSENT_CLOCK_TOLERANCE_MS, of.byDefault) === 'GRANTED'
  );
}

/** Whether the purpose was granted at a moment of our own clock, whatever holds now. */
export function wasGranted(consent: Consent, purpose: Purpose, of: { readonly at: number; readonly byDefault: ConsentDefault }): boolean {
  return statusAt(consent[purpose], of.at, of.byDefault) === 'GRANTED';
}

/** Whether the purpose was granted at `since` and was never taken back after it, whatever came in between. */
export function grantedThroughout(
  consent: Consent,
  purpose: Purpose,
  of: { readonly since: number; readonly byDefault: ConsentDefault },
): boolean {
  const { since, byDefault } = of;
  if (!wasGranted(consent, purpose, { at: since, byDefault })) return false;
  return wordsOf(consent[purpose]).every(({ at, status }) => at <= since || status === 'GRANTED');
}

function statusAt(entry: ConsentEntry | undefined, at: number, byDefault: ConsentDefault): ConsentStatus {
  const words = wordsOf(entry);
  const word = words.findLast((known) => known.at <= at);
  if (word !== undefined) return word.status;
  return words.length < MAX_CONSENT_WORDS ? byDefault : 'DENIED';
}

/** Whether anything at all may be kept about the person. */
export function mayKeepProfile(consent: Consent, byDefault: ConsentDefault): boolean {
  return mayDo(consent, 'PERSONALIZATION', byDefault) || mayDo(consent, 'ANALYTICS', byDefault);
}

/** Which features a decision may read: the profile's, or only what the request itself says (D7). */
export function consentTier(consent: Consent, byDefault: ConsentDefault): 'PERSONALIZED' | 'CONTEXT_ONLY' {
  return mayDo(consent, 'PERSONALIZATION', byDefault) ? 'PERSONALIZED' : 'CONTEXT_ONLY';
}

/** Per purpose everything that was said; the newest counts, at the same moment the stricter one. Commutative, associative, idempotent. */
export function mergeConsent(a: Consent, b: Consent): Consent {
  const merged: Partial<Record<Purpose, ConsentEntry>> = {};
  for (const purpose of PURPOSES) {
    const entry = entryOf([...wordsOf(a[purpose]), ...wordsOf(b[purpose])]);
    if (entry !== undefined) merged[purpose] = entry;
  }
  return merged;
}

export interface ConsentChange {
  readonly purpose: Purpose;
  readonly status: ConsentStatus;
}

/**
 * The person's newest word: it replaces what was said before, even when an earlier entry carries a later time of a fast clock.
 *
 * @param changes the last one wins where a purpose is named twice
 */
export function changeConsent(
  consent: Consent,
  changes: readonly ConsentChange[],
  by: { readonly at: number; readonly source: string },
): Consent {
  const next: Partial<Record<Purpose, ConsentEntry>> = { ...consent };
  for (const { purpose, status } of changes) {
    const before = consent[purpose];
    const word = { status, at: before === undefined ? by.at : Math.max(by.at, before.at + 1), source: by.source };
    next[purpose] = entryOf([...wordsOf(before), word]) ?? word;
  }
  return next;
}

/** GRANTED loses against both others: a tie never widens what may be done. */
const STRICTNESS: Readonly<Record<ConsentStatus, number>> = { GRANTED: 0, DENIED: 1, REVOKED: 2 };

function wordsOf(entry: ConsentEntry | undefined): readonly ConsentWord[] {
  if (entry === undefined) return [];
  const { status, at, source, before = [] } = entry;
  return [...before, { status, at, source }];
}

/** The newest words as one entry, each once. */
function entryOf(words: readonly ConsentWord[]): ConsentEntry | undefined {
  const distinct = words.toSorted(byRank).filter((word, i, all) => i === 0 || byRank(word, all[i - 1] ?? word) !== 0);
  const newest = distinct.at(-1);
  if (newest === undefined) return undefined;
  const before = distinct.slice(-MAX_CONSENT_WORDS, -1);
  return before.length === 0 ? newest : { ...newest, before };
}

function byRank(a: ConsentWord, b: ConsentWord): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.status !== b.status) return STRICTNESS[a.status] - STRICTNESS[b.status];
  if (a.source === b.source) return 0;
  return a.source < b.source ? -1 : 1;
}
