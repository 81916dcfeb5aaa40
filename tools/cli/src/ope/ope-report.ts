import Table from 'cli-table3';
import type { CaseEvaluation } from '@vitrine/bandit';

const PLAIN = { style: { head: [], border: [] } };
const number = (value: number | undefined): string => (value === undefined ? '' : String(Number(value.toPrecision(6))));

/** One case for people: how far its log can be trusted, then every estimate, then what tuning chose. */
export function opeReport({ name, estimates, diagnostics, tuning }: CaseEvaluation, rounds: number): readonly string[] {
  const { iw_mean, iw_min, iw_max, ess, n_zero_weight } = diagnostics;
  const share = ((100 * n_zero_weight) / rounds).toFixed(1);
  return [
    `${name}: ${rounds} rounds`,
    `weights: mean ${number(iw_mean)} (1 when propensities are right), ${number(iw_min)} to ${number(iw_max)}, ${n_zero_weight} are zero (${share} %)`,
    `effective sample size: ${number(ess)}`,
    ...estimateTable(estimates),
    ...tuningTable(tuning),
    '',
  ];
}

function estimateTable(estimates: CaseEvaluation['estimates']): readonly string[] {
  const [first] = Object.values(estimates);
  const columns = Object.keys(first ?? {});
  const table = new Table({ ...PLAIN, head: ['estimator', ...columns], colAligns: ['left', ...columns.map(() => 'right' as const)] });
  for (const [key, estimate] of Object.entries(estimates)) table.push([key, ...columns.map((column) => number(estimate[column]))]);
  return table.toString().split('\n');
}

function tuningTable(tuning: CaseEvaluation['tuning']): readonly string[] {
  const rows = Object.entries(tuning);
  if (rows.length === 0) return [];
  const table = new Table({ ...PLAIN, head: ['tuned', 'chosen parameter', 'value'], colAligns: ['left', 'right', 'right'] });
  for (const [key, { chosen_lambda, value }] of rows) table.push([key, number(chosen_lambda), number(value)]);
  return table.toString().split('\n');
}
