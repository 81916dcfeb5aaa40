import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { DomainError } from '@vitrine/kernel';
import { CsvError, parse } from 'csv-parse';

/** One line of a table and where it stands. */
export interface TableRow {
  /** 1-based line of the file on which the row ends. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvTable {
  readonly file: string;
  readonly header: readonly string[];
  readonly rows: readonly TableRow[];
}

interface ParsedRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads a CSV file (gzipped when its name ends in `.gz`) with its line numbers, so that a fault can be named by its place.
 *
 * @throws DomainError NOT_FOUND when the file is missing; IMPORT_MALFORMED_LINE for a line with another number of columns than the header, a
 *   column named twice, a file without a header, or bytes that are no CSV; TOO_FEW_ROWS when nothing follows the header
 */
export async function readTable(file: string): Promise<CsvTable> {
  const [first, ...rest] = await readRows(file);
  if (first === undefined) throw malformed(`${file} is empty: it needs a header line`, { line: 1 });
  const header = first.cells.map((name) => name.trim());
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined) throw malformed(`line 1 of ${file} names the column ${twice} twice`, { line: 1, column: twice });
  if (rest.length === 0) throw new DomainError('TOO_FEW_ROWS', `${file} has a header and no rows`);
  return { file, header, rows: rest };
}

async function readRows(file: string): Promise<readonly TableRow[]> {
  const rows: TableRow[] = [];
  const source = createReadStream(file);
  const bytes = file.endsWith('.gz') ? source.pipe(createGunzip()) : source;
  const parser = bytes.pipe(parse({ bom: true, skip_empty_lines: true, info: true }));
  try {
    await new Promise<void>((resolve, reject) => {
      source.once('error', reject);
      bytes.once('error', reject);
      parser.once('error', reject);
      parser.once('end', resolve);
      parser.on('data', ({ record, info }: ParsedRow) => rows.push({ line: info.lines, cells: record }));
    });
  } catch (cause) {
    source.destroy();
    throw faultOf(file, cause);
  }
  return rows;
}

function faultOf(file: string, cause: unknown): DomainError {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return new DomainError('NOT_FOUND', `there is no file ${file}`, { cause });
  const line = cause instanceof CsvError && typeof cause['lines'] === 'number' ? { line: cause['lines'] } : {};
  return malformed(`${file}: ${cause instanceof Error ? cause.message : 'the file is not CSV'}`, line, cause);
}

function malformed(message: string, details: Readonly<Record<string, string | number>>, cause?: unknown): DomainError {
  return new DomainError('IMPORT_MALFORMED_LINE', message, { details, ...(cause === undefined ? {} : { cause }) });
}

/** Index of a column. @throws DomainError IMPORT_MALFORMED_LINE when the header does not name it */
export function columnOf({ file, header }: CsvTable, name: string): number {
  const index = header.indexOf(name);
  if (index < 0) throw malformed(`line 1 of ${file} names no column ${name}`, { line: 1, column: name });
  return index;
}

/** The text of a cell, trimmed. @throws DomainError IMPORT_MALFORMED_LINE when it is empty */
export function textAt({ file, header }: CsvTable, { line, cells }: TableRow, column: number): string {
  const text = (cells[column] ?? '').trim();
  const name = header[column] ?? '';
  if (text === '') throw malformed(`line ${line} of ${file}, column ${name}: empty`, { line, column: name });
  return text;
}

/** Whether a text is a decimal number that a double can hold; `NaN`, `Infinity`, `0x10` and the empty text are not. */
export function isDecimal(text: string): boolean {
  return NUMBER.test(text) && Number.isFinite(Number(text));
}

/** The number in a cell. @throws DomainError FEATURE_VALUE_INVALID naming line and column when it is none, or not finite */
export function numberAt({ file, header }: CsvTable, { line, cells }: TableRow, column: number): number {
  const text = (cells[column] ?? '').trim();
  if (isDecimal(text)) return Number(text);
  const name = header[column] ?? '';
  const what = text === '' ? 'empty where a number is needed' : 'not a finite decimal number';
  throw new DomainError('FEATURE_VALUE_INVALID', `line ${line} of ${file}, column ${name}: ${what}`, { details: { line, column: name } });
}
