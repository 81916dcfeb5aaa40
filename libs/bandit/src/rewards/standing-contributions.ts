import type { RewardContribution } from './reward-function';

interface Purchase {
  readonly contribution: RewardContribution;
  /** Money not yet refunded; null when the purchase named no amount. */
  keptMinor: number | null;
  standing: boolean;
}

/**
 * What is left once refunds took their purchases back, in the order of the events. A purchase that was refunded in part stands with the
 * amount that was kept, exactly as if it had been one of that amount: money is counted in whole minor units, before any transform. A
 * refund in full, or parts that add up to it, takes the purchase away altogether. Refunds themselves stay.
 *
 * A refund that names a purchase takes back that one, or nothing when it is not here (it came after the attribution window, say). One
 * that names none takes back the latest standing purchase up to its own time, else (clocks differ) the first standing one after.
 * Without an amount it takes back all of it; what exceeds the purchase is lost.
 *
 * @param contributions of one trial, in any order
 */
export function standingContributions(contributions: readonly RewardContribution[]): readonly RewardContribution[] {
  const sorted = contributions.toSorted(byTime);
  const purchases = sorted.filter(isPurchase).map((contribution): Purchase => {
    return { contribution, keptMinor: contribution.amountMinor, standing: true };
  });
  for (const refund of sorted) if (refund.type === 'REFUND') takeBack(refund, purchases);
  const byId = new Map(purchases.map((purchase) => [purchase.contribution.eventId, purchase]));
  return sorted.flatMap((contribution) => {
    const purchase = isPurchase(contribution) ? byId.get(contribution.eventId) : undefined;
    if (purchase === undefined) return [contribution];
    return purchase.standing ? [{ ...contribution, amountMinor: purchase.keptMinor }] : [];
  });
}

const isPurchase = ({ type }: RewardContribution): boolean => type === 'PURCHASE';

function byTime(a: RewardContribution, b: RewardContribution): number {
  if (a.delayMs !== b.delayMs) return a.delayMs - b.delayMs;
  return a.eventId < b.eventId ? -1 : 1;
}

function takeBack(refund: RewardContribution, purchases: readonly Purchase[]): void {
  const purchase = refundedBy(refund, purchases);
  if (purchase === undefined) return;
  const whole = refund.amountMinor === null || purchase.keptMinor === null;
  purchase.keptMinor = whole ? 0 : Math.max(0, (purchase.keptMinor ?? 0) - (refund.amountMinor ?? 0));
  if (purchase.keptMinor === 0) purchase.standing = false;
}

function refundedBy({ refundOf, delayMs }: RewardContribution, purchases: readonly Purchase[]): Purchase | undefined {
  if (refundOf !== null) return purchases.find(({ contribution }) => contribution.eventId === refundOf);
  return (
    purchases.findLast(({ contribution, standing }) => standing && contribution.delayMs <= delayMs) ??
    purchases.find(({ standing }) => standing)
  );
}
