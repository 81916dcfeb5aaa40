import { DomainError, type ErrorCode } from '@vitrine/kernel';

function aboutColumn(code: ErrorCode, column: string, fault: string): DomainError {
  return new DomainError(code, `the column ${column} ${fault}`, { details: { column } });
}

export const columnMissing = (column: string): DomainError => aboutColumn('COLUMN_MISSING', column, 'is not there');
export const columnUnusable = (column: string, fault: string): DomainError => aboutColumn('COLUMN_UNUSABLE', column, fault);
export const columnMisused = (column: string, fault: string): DomainError => aboutColumn('PIPELINE_SPEC_INVALID', column, fault);

/** A step that was told something it cannot do. */
export function stepInvalid(step: string, fault: string): DomainError {
  return new DomainError('PIPELINE_SPEC_INVALID', `the step ${step} ${fault}`, { details: { step } });
}

/** @throws DomainError PIPELINE_SPEC_INVALID unless `holds` */
export function demand(holds: boolean, step: string, fault: string): void {
  if (!holds) throw stepInvalid(step, fault);
}
