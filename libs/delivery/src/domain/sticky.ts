import type { PolicySpec } from '@vitrine/bandit';
import type { DecidedVisitor } from './decide-placement';

const MINUTE_MS = 60_000;

/**
 * Number of the period that a visitor keeps banners for; null where every decision draws anew: the policy is not sticky, or there is nobody
 * that may be remembered (no visitor, or no consent). Periods are counted from the epoch, the same for everybody.
 */
export function stickyPeriod(
  sticky: PolicySpec['sticky'],
  { hash, consentTier }: Pick<DecidedVisitor, 'hash' | 'consentTier'>,
  nowMs: number,
): number | null {
  if (sticky === undefined || sticky === null || hash === null || consentTier !== 'PERSONALIZED') return null;
  return Math.floor(nowMs / (sticky.periodMinutes * MINUTE_MS));
}
