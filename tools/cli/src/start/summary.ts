import Table from 'cli-table3';
import type { DemoOutcome } from './play-demo';

interface Interval {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** What `npm start` reports: for machines as it is, for people as a table. Names are a contract. */
export function summaryOf({ seed, play, segments, cleaning }: DemoOutcome) {
  const { report, events, clickToDecisionMs, stateRevision, degraded } = play;
  const { policy, policySecondHalf, uniform, bestFixedOrder, log } = report.estimates;
  return {
    interactions: report.interactions,
    supported: report.supported,
    matched: report.matched,
    seed,
    estimates: {
      policy: interval(policy),
      policySecondHalf: interval(policySecondHalf),
      uniform: interval(uniform),
      bestFixedOrder: interval(bestFixedOrder),
      log: interval(log),
    },
    policyMinusUniform: interval(report.policyMinusUniform),
    policyMinusBestFixedOrder: interval(report.policyMinusBestFixedOrder),
    secondHalfMinusBestFixedOrder: interval(report.secondHalfMinusBestFixedOrder),
    bestOrder: report.bestOrder,
    rawAcceptance: report.rawAcceptance,
    events,
    cleaning,
    clickToDecisionMs: { p50: Math.round(clickToDecisionMs.p50), p99: Math.round(clickToDecisionMs.p99), probes: clickToDecisionMs.probes },
    stateRevision,
    degraded,
    segments: segments.segments.length,
    segmentModelVersion: segments.modelVersion,
    segmentRefusal: segments.refusal,
  };
}

export type Summary = ReturnType<typeof summaryOf>;

const interval = ({ value, lower, upper }: Interval): Interval => ({ value, lower, upper });
const rate = (value: number): string => value.toFixed(3);
const range = ({ value, lower, upper }: Interval): readonly [string, string, string] => [
  rate(value),
  `${rate(lower)} to ${rate(upper)}`,
  '',
];
/** A difference, and whether the data show that it is one: only an interval that lies above 0 does. */
const difference = ({ value, lower, upper }: Interval): readonly [string, string, string] => {
  const text = (x: number): string => `${x >= 0 ? '+' : ''}${rate(x)}`;
  return [text(value), `${text(lower)} to ${text(upper)}`, lower > 0 ? 'shown' : 'not shown'];
};

export function summaryLines(summary: Summary): readonly string[] {
  const { estimates, events, cleaning, clickToDecisionMs } = summary;
  const learned = new Table({ head: ['accepted share, same rows', 'value', '95 % interval', 'better'], style: { head: [], border: [] } });
  learned.push(
    ['what the log showed', ...range(estimates.log)],
    ['uniform choice', ...range(estimates.uniform)],
    ['best fixed order (hindsight)', ...range(estimates.bestFixedOrder)],
    ['the policy, while learning', ...range(estimates.policy)],
    ['the policy, second half', ...range(estimates.policySecondHalf)],
    ['policy - uniform', ...difference(summary.policyMinusUniform)],
    ['policy - best fixed order', ...difference(summary.policyMinusBestFixedOrder)],
    ['second half - best fixed order', ...difference(summary.secondHalfMinusBestFixedOrder)],
  );
  const system = new Table({ head: ['the system', ''], style: { head: [], border: [] } });
  system.push(
    ['interactions / supported / matched', `${summary.interactions} / ${summary.supported} / ${summary.matched}`],
    [
      'events accepted / duplicate / quarantined / lost',
      `${events.accepted} / ${events.duplicate} / ${events.quarantined} / ${events.lost}`,
    ],
    ['click to changed decision, ms', `p50 ${clickToDecisionMs.p50}, p99 ${clickToDecisionMs.p99}, ${clickToDecisionMs.probes} probes`],
    ['state revision, degraded decisions', `${summary.stateRevision}, ${summary.degraded}`],
    ['segments, model version', summary.segmentRefusal ?? `${summary.segments}, ${summary.segmentModelVersion}`],
    ['raw acceptance among matches (description only)', rate(summary.rawAcceptance)],
  );
  const rules = new Table({ head: ['cleaning rule', 'events'], style: { head: [], border: [] } });
  rules.push(...Object.entries(cleaning).map(([rule, count]) => [rule, String(count)]));
  return [
    learned.toString(),
    system.toString(),
    rules.toString(),
    'What these numbers mean, and what they cannot say: docs/guides/coupons.md',
  ];
}
