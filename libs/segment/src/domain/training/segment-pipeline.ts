import type { RawTable } from '../pipeline/raw-table';
import type { PipelineSpec, StepSpec } from '../pipeline/step-types';
import type { SegmentConfiguration } from '../search/configuration';

/** Spreads beyond which a value says nothing more: behaviour has heavy tails, and one freak row must not own a segment. */
const CLIP = 6;

export const IMPUTE: StepSpec = { kind: 'impute', columns: '*', strategy: 'median' };
export const STANDARD: readonly StepSpec[] = [
  { kind: 'standard-scale', columns: '*' },
  { kind: 'clip', columns: '*', low: -CLIP, high: CLIP },
];

/** From raw numeric features to the coordinates that segments are found in: the embedding. */
export function segmentPipelineSpec(
  table: Pick<RawTable, 'columns'>,
  { algorithm, scaling, dimensions }: SegmentConfiguration,
): PipelineSpec {
  if (algorithm === 'RFM') return { columns: columnsOf(table), steps: [IMPUTE] }; // rules read amounts as they are
  return { columns: columnsOf(table), steps: [...scalingSteps(scaling), { kind: 'pca', columns: '*', components: dimensions }] };
}

/** The features side by side in units of their spread: the neutral space in which groupings of different models are compared. */
export function neutralPipelineSpec(table: Pick<RawTable, 'columns'>): PipelineSpec {
  return { columns: columnsOf(table), steps: scalingSteps('STANDARD') };
}

function scalingSteps(scaling: SegmentConfiguration['scaling']): readonly StepSpec[] {
  if (scaling === 'STANDARD') return [IMPUTE, ...STANDARD];
  if (scaling === 'POWER') return [IMPUTE, { kind: 'power', columns: '*', method: 'yeo-johnson' }, ...STANDARD];
  return [IMPUTE, { kind: 'robust-scale', columns: '*' }, { kind: 'clip', columns: '*', low: -CLIP, high: CLIP }];
}

export const columnsOf = ({ columns }: Pick<RawTable, 'columns'>) => columns.map(({ name, kind }) => ({ name, kind }));
