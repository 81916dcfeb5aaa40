/** Lower ends of the bands in whole units of 100 minor ones: three to a decade. */
const EDGES = [0, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000] as const;

/** The band of an amount, named by its ends: `20-50`, the last one `10000+`. @param valueMinor minor units, >= 0 */
export function priceBandOf(valueMinor: number): string {
  const units = valueMinor / 100;
  const next = EDGES.findIndex((edge) => edge > units);
  return next < 0 ? `${EDGES[EDGES.length - 1] ?? 0}+` : `${EDGES[next - 1] ?? 0}-${EDGES[next] ?? 0}`;
}
