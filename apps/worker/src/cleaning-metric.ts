import type { RuleCounts } from '@vitrine/feedback';
import { Counter, type Registry } from '@vitrine/platform';

export type CleaningMetric = (rules: RuleCounts) => void;

/** Counts what the rules did with the chunks of this process; a chunk that runs again after a crash is counted again. */
export function createCleaningMetric(registry: Registry): CleaningMetric {
  const events = new Counter({
    name: 'vitrine_cleaning_events_total',
    help: 'Events that a cleaning rule rejected, mended or noted, by rule',
    labelNames: ['rule'],
    registers: [registry],
  });
  return (rules) => {
    for (const [rule, count] of Object.entries(rules)) events.labels(rule).inc(count);
  };
}
