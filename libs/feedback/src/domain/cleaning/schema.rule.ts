import type { EventRule } from './cleaning-rule';

const CURRENCY = /^[A-Z]{3}$/;
const REJECT = { kind: 'REJECT', code: 'EVENT_MALFORMED' } as const;

/** What the shape alone does not say: money is a whole, non-negative amount of a currency, a stay has a non-negative length. */
export const schemaRule: EventRule = {
  name: 'schema',
  check({ event }) {
    const { value, dwellMs } = event;
    if (value !== null && (!Number.isSafeInteger(value.amountMinor) || value.amountMinor < 0 || !CURRENCY.test(value.currency)))
      return REJECT;
    if (dwellMs !== null && !(dwellMs >= 0)) return REJECT;
    return event.type === 'DWELL' && dwellMs === null ? REJECT : null;
  },
};
