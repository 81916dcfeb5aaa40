import { DomainError, type Result } from '@vitrine/kernel';

/** Reads one field of a row; undefined where the row says nothing. The error is a reason that echoes no cell. */
export type CellReader<T> = (cells: readonly string[]) => Result<T | undefined, string>;
/** The index of a column. @throws DomainError IMPORT_MAPPING_INVALID when there is none */
export type ColumnIndex = (column: string, place: string) => number;

/** @throws DomainError IMPORT_MAPPING_INVALID when the mapping names a column that the header does not, naming both */
export function columnIndex(file: string, header: readonly string[]): ColumnIndex {
  return (column, place) => {
    const index = header.indexOf(column);
    if (index >= 0) return index;
    throw new DomainError('IMPORT_MAPPING_INVALID', `${place} names the column ${column}, which line 1 of ${file} does not`, {
      details: { place, column },
    });
  };
}

/** The trimmed cell; undefined when it is empty. */
export function textAt(cells: readonly string[], index: number): string | undefined {
  const text = cells[index]?.trim();
  return text === '' ? undefined : text;
}
