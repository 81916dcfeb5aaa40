import { PURPOSES, type Consent, type ConsentEntry, type ConsentStatus, type Purpose } from './types';

/** What holds for a purpose about which a person said nothing; DENIED out of the box. */
export type ConsentDefault = 'GRANTED' | 'DENIED';

/** Whether data may be used for the purpose. */
export function mayDo(consent: Consent, purpose: Purpose, byDefault: ConsentDefault): boolean {
  return (consent[purpose]?.status ?? byDefault) === 'GRANTED';
}

/** Whether anything at all may be kept about the person. */
export function mayKeepProfile(consent: Consent, byDefault: ConsentDefault): boolean {
  return mayDo(consent, 'PERSONALIZATION', byDefault) || mayDo(consent, 'ANALYTICS', byDefault);
}

/** Which features a decision may read: the profile's, or only what the request itself says (D7). */
export function consentTier(consent: Consent, byDefault: ConsentDefault): 'PERSONALIZED' | 'CONTEXT_ONLY' {
  return mayDo(consent, 'PERSONALIZATION', byDefault) ? 'PERSONALIZED' : 'CONTEXT_ONLY';
}

/** Per purpose the most recent entry; at the same moment the stricter one. Commutative, associative, idempotent. */
export function mergeConsent(a: Consent, b: Consent): Consent {
  const merged: Partial<Record<Purpose, ConsentEntry>> = {};
  for (const purpose of PURPOSES) {
    const winner = laterEntry(a[purpose], b[purpose]);
    if (winner !== undefined) merged[purpose] = winner;
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
    next[purpose] = { status, at: before === undefined ? by.at : Math.max(by.at, before.at + 1), source: by.source };
  }
  return next;
}

/** GRANTED loses against both others: a tie never widens what may be done. */
const STRICTNESS: Readonly<Record<ConsentStatus, number>> = { GRANTED: 0, DENIED: 1, REVOKED: 2 };

function laterEntry(a: ConsentEntry | undefined, b: ConsentEntry | undefined): ConsentEntry | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.at !== b.at) return a.at > b.at ? a : b;
  if (a.status !== b.status) return STRICTNESS[a.status] > STRICTNESS[b.status] ? a : b;
  return a.source >= b.source ? a : b;
}
