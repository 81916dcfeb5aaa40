import type { CleaningRule } from './cleaning-rule';

const CURRENCY = /^[A-Z]{3}$/;
const REJECTION = { rule: 'schema', code: 'EVENT_MALFORMED' } as const;

/** What the shape alone does not say: money is a whole, non-negative amount of a currency, a stay has a non-negative length. */
export const schemaRule: CleaningRule = ({ event }) => {
  const { value, dwellMs } = event;
  if (value !== null && (!Number.isSafeInteger(value.amountMinor) || value.amountMinor < 0 || !CURRENCY.test(value.currency)))
    return REJECTION;
  if (dwellMs !== null && !(dwellMs >= 0)) return REJECTION;
  return event.type === 'DWELL' && dwellMs === null ? REJECTION : null;
};
