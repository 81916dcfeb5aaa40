import { demand, stepInvalid } from '../pipeline-errors';
import type { FitContext, StepKit } from '../step-kit';
import { compileCategoryValues, parseCategoryValues } from './category-values';
import { stratifiedFolds } from './row-folds';
import { crossFittedTarget, encodeTarget } from './target-encoding';

const FOLDS = 5;
const nameOf = (column: string): string => `${column}:target`;

/** As scikit-learn's TargetEncoder of two classes; a text that is missing counts as one that training did not see. */
export const targetEncodeKit: StepKit<'target-encode'> = {
  fit: (spec, context) => {
    const { smooth, folds = FOLDS } = spec;
    demand(smooth === 'auto' || (Number.isFinite(smooth) && smooth >= 0), 'target-encode', 'needs a smoothing of at least 0');
    demand(Number.isInteger(folds) && folds >= 2, 'target-encode', 'needs at least two folds');
    const target = targetOf(context, 'target-encode');
    const foldOf = stratifiedFolds({ keys: context.rowKeys(), target, folds });
    const columns = context.frame.layout.categoricalChoice(spec.columns);
    const encodings = columns.map((column) => {
      const rows = { codes: context.frame.codesOf(column), target, categories: context.frame.categoriesOf(column).length };
      return { column, ...encodeTarget(rows, smooth), crossFitted: crossFittedTarget(rows, smooth, foldOf) };
    });
    const values = encodings.map((encoding) => Array.from(encoding.values));
    return {
      step: { kind: 'target-encode', columns, values, otherwise: encodings.map(({ mean }) => mean) },
      crossFitted: new Map(encodings.map(({ column, crossFitted }) => [nameOf(column), crossFitted])),
    };
  },
  compile: (step, layout) => compileCategoryValues(step, layout, nameOf),
  parse: (fields) => ({ kind: 'target-encode', ...parseCategoryValues(fields) }),
};

/** @throws DomainError PIPELINE_SPEC_INVALID where the caller gave no target */
export function targetOf({ target }: FitContext, step: string): Float64Array {
  if (target === null) throw stepInvalid(step, 'needs a target');
  return target;
}
