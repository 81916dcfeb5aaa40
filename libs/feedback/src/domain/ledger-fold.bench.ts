import { performance } from 'node:perf_hooks';
import type { StatisticsFamily } from '@vitrine/bandit';
import { bannerId, decisionId, placementId, policyVersionId, rngFromNumber, type BannerId } from '@vitrine/kernel';
import { LedgerFold } from './ledger-fold';
import { quantise } from './quantisation';
import type { LedgerEntry } from './types';

/** Entries per second that fold in memory into 50 banners with contexts of 32 dimensions. */
export function benchLedgerFold(family: StatisticsFamily, rounds: number): { readonly rounds: number; readonly entriesPerSecond: number } {
  const fold = new LedgerFold({ family, dimension: 32, featureSchema: 1 }, new Map<BannerId, Float64Array>());
  const entries = benchLedgerEntries(2_000);
  fold.fold(entries);
  const start = performance.now();
  for (let done = 0; done < rounds; done += entries.length) fold.fold(entries);
  return { rounds, entriesPerSecond: (rounds * 1_000) / (performance.now() - start) };
}

/** Entries of 50 banners with dense contexts of 32 dimensions; a tenth of them rewards. */
export function benchLedgerEntries(count: number): readonly LedgerEntry[] {
  const rng = rngFromNumber(7);
  const version = policyVersionId(placementId('home'), 1);
  const decision = decisionId('01890a5d-ac96-774b-bcce-b302099a8057');
  return Array.from({ length: count }, (_, i): LedgerEntry => {
    const { steps } = quantise(Float64Array.from({ length: 32 }, () => 2 * rng() - 1));
    const shared = {
      decisionId: decision,
      slot: 0,
      policyVersionId: version,
      propensity: 0.5,
      featureSchema: 1,
      visitorHash: null,
      occurredAt: 0,
      activatedAt: 0,
      earnedBefore: 0,
    };
    return {
      id: `${i}`,
      kind: i % 10 === 0 ? 'REWARD' : 'TRIAL',
      bannerId: bannerId(`b${i % 50}`),
      reward: 0.5,
      steps,
      eventId: `${i}`,
      ...shared,
    };
  });
}
