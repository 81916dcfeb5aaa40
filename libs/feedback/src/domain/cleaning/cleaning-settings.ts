import type { CleaningSettings } from './clean';

/** The settings that cleaning reads, under their names in the environment. */
export interface CleaningConfig {
  readonly CLEANING_DISABLED: readonly string[];
  readonly CLEANING_MAX_VALUE_MINOR: number;
  readonly CLEANING_MAX_DWELL_MINUTES: number;
  readonly CURRENCY: string;
  readonly CURRENCY_RATES: ReadonlyMap<string, number>;
}

const MINUTE_MS = 60_000;

export function cleaningSettingsOf(config: CleaningConfig): CleaningSettings {
  return {
    disabled: config.CLEANING_DISABLED,
    maxValueMinor: config.CLEANING_MAX_VALUE_MINOR,
    maxDwellMs: config.CLEANING_MAX_DWELL_MINUTES * MINUTE_MS,
    currency: config.CURRENCY,
    rates: config.CURRENCY_RATES,
  };
}
