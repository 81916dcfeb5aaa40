import { botRule } from './bot.rule';
import type { Candidate, CleaningRule, Rejection } from './cleaning-rule';
import { clockSkewRule } from './clock-skew.rule';
import { impossibleTimingRule } from './impossible-timing.rule';
import { outlierRule } from './outlier.rule';
import { schemaRule } from './schema.rule';

/** In this order; the first that objects names the reason. The visitor's right to the token is checked later, where aliases are known. */
export const CLEANING_RULES: readonly CleaningRule[] = [schemaRule, clockSkewRule, botRule, impossibleTimingRule, outlierRule];

export function rejectionOf(candidate: Candidate): Rejection | null {
  for (const rule of CLEANING_RULES) {
    const rejection = rule(candidate);
    if (rejection !== null) return rejection;
  }
  return null;
}
