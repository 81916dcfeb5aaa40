const NONE = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF';
const THREE = 'BHD IQD JOD KWD LYD OMR TND';
const FOUR = 'CLF UYW';
const EXCEPTIONS: ReadonlyMap<string, number> = new Map([
  ...NONE.split(' ').map((code) => [code, 0] as const),
  ...THREE.split(' ').map((code) => [code, 3] as const),
  ...FOUR.split(' ').map((code) => [code, 4] as const),
]);

/** Decimal digits of a currency's minor unit (ISO 4217, list one): 2 for all but the exceptions. */
export const minorDigits = (currency: string): number => EXCEPTIONS.get(currency) ?? 2;
