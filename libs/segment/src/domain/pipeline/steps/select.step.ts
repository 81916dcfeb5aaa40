import { demand } from '../pipeline-errors';
import type { RegisterLayout } from '../register-layout';
import type { StoredFields } from '../stored-fields';
import type { StepKit } from '../step-kit';
import { anovaScore, mutualInformationScore, varianceScore } from './selection-scores';
import { targetOf } from './target-encode.step';

const BINS = 10;

interface Selection {
  readonly columns: readonly string[];
  readonly kept: readonly string[];
  readonly scores: readonly number[];
}

export const selectVarianceKit: StepKit<'select-variance'> = {
  fit: ({ columns: choice, threshold }, { frame }) => {
    demand(Number.isFinite(threshold) && threshold >= 0, 'select-variance', 'needs a threshold of at least 0');
    const columns = frame.layout.numericChoice(choice);
    const scores = columns.map((column) => Math.min(varianceScore(frame.column(column)), Number.MAX_VALUE));
    const kept = columns.filter((_, at) => (scores[at] ?? 0) > threshold);
    return { step: { kind: 'select-variance', columns, kept, scores } };
  },
  compile: dropOthers,
  parse: (fields) => ({ kind: 'select-variance', ...parseSelection(fields) }),
};

/** Of columns of equal score the first ones are kept. */
export const selectKBestKit: StepKit<'select-k-best'> = {
  fit: ({ columns: choice, k, score, bins = BINS }, context) => {
    demand(Number.isInteger(k) && k >= 1, 'select-k-best', 'needs to keep at least one column');
    demand(Number.isInteger(bins) && bins >= 2, 'select-k-best', 'needs at least two bins');
    const target = targetOf(context, 'select-k-best');
    const columns = context.frame.layout.numericChoice(choice);
    const scores = columns.map((column) => {
      const values = context.frame.column(column);
      return score === 'anova-f' ? anovaScore(values, target) : mutualInformationScore(values, target, bins);
    });
    const order = [...columns.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
    const best = new Set(order.slice(0, k));
    return { step: { kind: 'select-k-best', columns, kept: columns.filter((_, at) => best.has(at)), scores } };
  },
  compile: dropOthers,
  parse: (fields) => ({ kind: 'select-k-best', ...parseSelection(fields) }),
};

function dropOthers({ columns, kept }: Selection, layout: RegisterLayout): null {
  for (const column of columns) if (!kept.includes(column)) layout.drop(column);
  return null;
}

function parseSelection(fields: StoredFields): Selection {
  const columns = fields.texts('columns');
  fields.demandLength('scores', columns.length);
  return { columns, kept: fields.texts('kept'), scores: fields.numbers('scores') };
}
