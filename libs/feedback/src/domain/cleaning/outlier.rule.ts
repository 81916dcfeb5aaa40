import type { CleaningRule } from './cleaning-rule';

/** Ten million in a currency with cents: more is a mistake of units, and would outweigh everything else ever learned. */
export const MAX_AMOUNT_MINOR = 1_000_000_000;

export const outlierRule: CleaningRule = ({ event }) =>
  event.value !== null && event.value.amountMinor > MAX_AMOUNT_MINOR ? { rule: 'outlier', code: 'REWARD_OUT_OF_RANGE' } : null;
