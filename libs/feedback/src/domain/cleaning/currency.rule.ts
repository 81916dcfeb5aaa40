import { minorDigits } from '../minor-digits';
import type { Money } from '../types';
import type { EventRule } from './cleaning-rule';

export interface CurrencySettings {
  /** ISO 4217: what every sum of money is kept in. */
  readonly currency: string;
  /** Units of the deployment's currency per one unit of another, by ISO 4217 code. */
  readonly rates: ReadonlyMap<string, number>;
}

/**
 * Turns money into the deployment's currency by its table of rates, rounded to whole minor units, minor digits of both respected (a
 * thousand yen are 100,000 cents times the rate). A currency without a rate is rejected: adding it up as it stands would be a lie.
 */
export function currencyRule({ currency, rates }: CurrencySettings): EventRule {
  return {
    name: 'currency',
    check({ event }) {
      const { value } = event;
      if (value === null || value.currency === currency) return null;
      const rate = rates.get(value.currency);
      if (rate === undefined) return { kind: 'REJECT', code: 'CURRENCY_UNKNOWN' };
      return { kind: 'MEND', event: { ...event, value: converted(value, currency, rate) }, was: value };
    },
  };
}

function converted({ amountMinor, currency: from }: Money, currency: string, rate: number): Money {
  const scale = 10 ** (minorDigits(currency) - minorDigits(from));
  return { amountMinor: Math.round(amountMinor * rate * scale), currency };
}
