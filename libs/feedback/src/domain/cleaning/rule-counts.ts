/** How many events each rule rejected, mended or noted; a rule that did nothing is absent. */
export type RuleCounts = Readonly<Record<string, number>>;

/** @param findings names of rules, one per event and rule */
export function countByRule(findings: readonly string[]): RuleCounts {
  const counts: Record<string, number> = {};
  for (const rule of findings) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}
