import Table from 'cli-table3';
import { MEASURES, type ContextEffect, type EffectEstimate, type EffectReport, type Measure } from '@vitrine/replay';
import { scaleOf, sparkline } from '../terminal-plot';
import type { EffectOutcome } from './effect';

const CONTEXT_TEXTS = {
  'situation-and-traits': 'The policy knows the situation and every trait',
  situation: 'The policy knows the situation alone',
} as const;
const MEASURE_TEXTS: Readonly<Record<Measure, string>> = {
  firstVisit: 'first visit',
  firstThreeVisits: 'first three visits',
  allVisits: 'all visits',
};

/** The outcome for people: what was played, and per context the curve, the totals and what they show. */
export function effectLines(outcome: EffectOutcome): readonly string[] {
  const { visitors, visits, seeds, policy, resamples, seconds } = outcome;
  return [
    `${visitors} visitors, ${visits} visits, ${seeds} ${seeds === 1 ? 'order' : 'orders'} of arrival, ${policy}; ${seconds.toFixed(1)} s`,
    modelLine(outcome),
    ...outcome.contexts.flatMap(contextLines),
    '',
    `Reward per visit, weighted by 1 / logging propensity. 95 % intervals of the difference: ${resamples} resamples of visitors and of orders, both`,
    'arms together. What it means and what it cannot say: docs/guides/segment-effect.md',
  ];
}

function modelLine({ models }: EffectReport): string {
  const texts = models.map(({ people, least, most }) => `${least === most ? least : `${least} to ${most}`} after ${people}`);
  return `segments from traits alone: ${texts.length === 0 ? 'none, too few visitors came' : texts.join(', ')} visitors`;
}

function contextLines({ name, matches, curve, seeds, ...measured }: ContextEffect): readonly string[] {
  const table = new Table({
    head: ['first visit of visitors', 'without', 'with', 'difference', '95 % interval'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right', 'left'],
  });
  for (const { from, to, firstVisit } of curve) table.push([`${from} to ${to}`, ...estimateTexts(firstVisit)]);
  for (const measure of MEASURES) table.push([`all visitors, ${MEASURE_TEXTS[measure]}`, ...estimateTexts(measured[measure])]);
  const shown = curve.map(({ firstVisit }) => firstVisit);
  const values = shown.flatMap((estimate) => [estimate.with, estimate.without]);
  const scale = scaleOf(values);
  const better = seeds.filter(({ firstVisit }) => firstVisit > 0).length;
  const orders = seeds.length === 1 ? 'order' : 'orders';
  return [
    '',
    `${CONTEXT_TEXTS[name]} (${Math.round(matches.without)} decisions met the log without segments, ${Math.round(matches.with)} with)`,
    table.toString(),
    `  without ${sparkline(
      shown.map((estimate) => estimate.without),
      scale,
    )}  with ${sparkline(
      shown.map((estimate) => estimate.with),
      scale,
    )}  (${scale.least.toFixed(3)} to ${scale.most.toFixed(3)})`,
    `  first visit: ${verdictOf(measured.firstVisit)}; better with segments in ${better} of ${seeds.length} ${orders}`,
    `  other people in the same ${orders}: ${boundsText(measured.firstVisit.sameOrders)}`,
  ];
}

const estimateTexts = ({ without, with: withSegments, difference, low, high }: EffectEstimate): readonly string[] => [
  without.toFixed(4),
  withSegments.toFixed(4),
  signed(difference),
  boundsText({ low, high }),
];

const boundsText = ({ low, high }: Pick<EffectEstimate, 'low' | 'high'>): string => `${signed(low)} to ${signed(high)}`;

const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(4)}`;

/** Only an interval that leaves 0 out shows something, however large the difference is. */
function verdictOf({ low, high }: EffectEstimate): string {
  if (low > 0) return 'segments help, shown';
  if (high < 0) return 'segments hurt, shown';
  return 'no difference shown';
}
