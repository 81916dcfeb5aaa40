import type { EventRule } from './cleaning-rule';

export interface OutlierSettings {
  /** Largest amount that counts in full, in minor units of the deployment's currency. */
  readonly maxValueMinor: number;
  /** Longest stay that counts in full. */
  readonly maxDwellMs: number;
}

/**
 * Winsorises: an amount or a stay beyond its limit counts as the limit, so that one bulk order, or a tab left open over lunch, does not
 * outweigh everything else. Refunds are capped like the purchases they take back. One check per field, both under one name.
 */
export function outlierRules({ maxValueMinor, maxDwellMs }: OutlierSettings): readonly EventRule[] {
  return [
    {
      name: 'outlier',
      check({ event }) {
        const { value } = event;
        if (value === null || value.amountMinor <= maxValueMinor) return null;
        return { kind: 'MEND', event: { ...event, value: { ...value, amountMinor: maxValueMinor } }, was: value };
      },
    },
    {
      name: 'outlier',
      check({ event }) {
        const { dwellMs } = event;
        return dwellMs === null || dwellMs <= maxDwellMs ? null : { kind: 'MEND', event: { ...event, dwellMs: maxDwellMs }, was: dwellMs };
      },
    },
  ];
}
