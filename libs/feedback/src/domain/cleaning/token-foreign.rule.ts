import type { VisitorHash } from '@vitrine/kernel';
import type { SealedDecision } from '../types';
import type { Rejection } from './cleaning-rule';

/**
 * A token works only for the person it was given to, under any of their ids, so that signing in orphans no purchase (D3). An event
 * that names no visitor claims to be nobody in particular: possession of the token is all there is to check.
 *
 * @param hashes of every id of the event's visitor; null when it names none
 */
export function tokenForeignRule(decision: SealedDecision | null, hashes: readonly VisitorHash[] | null): Rejection | null {
  if (decision === null || hashes === null || hashes.includes(decision.visitorHash)) return null;
  return { rule: 'token-foreign', code: 'TOKEN_FOREIGN' };
}
