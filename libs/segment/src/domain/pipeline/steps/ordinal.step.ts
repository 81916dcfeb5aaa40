import type { StepKit } from '../step-kit';
import { compileCategoryValues, parseCategoryValues } from './category-values';

/** A text that training did not see, and one that is missing, has no rank. */
const NO_RANK = -1;

export const ordinalKit: StepKit<'ordinal'> = {
  fit: (spec, { frame }) => {
    const columns = frame.layout.categoricalChoice(spec.columns);
    const values = columns.map((column) => ranksOf(frame.categoriesOf(column)));
    return { step: { kind: 'ordinal', columns, values, otherwise: columns.map(() => NO_RANK) } };
  },
  compile: (step, layout) => compileCategoryValues(step, layout, (column) => `${column}:ordinal`),
  parse: (fields) => ({ kind: 'ordinal', ...parseCategoryValues(fields) }),
};

function ranksOf(texts: readonly string[]): readonly number[] {
  const ranks = new Map(texts.toSorted().map((text, rank) => [text, rank]));
  return texts.map((text) => ranks.get(text) ?? NO_RANK);
}
