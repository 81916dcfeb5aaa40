import { compilePipeline, demandVersion } from './compile-pipeline';
import { parseStep } from './step-kits';
import type { FittedColumn, FittedPipeline } from './step-types';
import { malformed, StoredFields } from './stored-fields';

const KINDS = ['NUMERIC', 'CATEGORICAL'] as const;

/**
 * Reads a pipeline that was written as JSON, and sees that its steps fit together.
 *
 * @throws DomainError PIPELINE_VERSION_MISMATCH (`needs`, `has`); PIPELINE_MALFORMED (`place`) for anything else that is not one
 */
export function parsePipeline(json: unknown): FittedPipeline {
  const fields = new StoredFields(json, 'pipeline');
  demandVersion(fields.number('version'));
  const pipeline: FittedPipeline = {
    version: 1,
    columns: fields.objects('columns').map(parseColumn),
    steps: fields.objects('steps').map(parseStep),
    outputNames: fields.texts('outputNames'),
  };
  try {
    compilePipeline(pipeline);
  } catch (error) {
    throw malformed('steps', 'do not fit together', error);
  }
  return pipeline;
}

function parseColumn(fields: StoredFields): FittedColumn {
  const name = fields.text('name');
  const kind = fields.oneOf('kind', KINDS);
  return kind === 'NUMERIC' ? { name, kind } : { name, kind, categories: fields.texts('categories') };
}
