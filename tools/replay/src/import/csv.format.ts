import { parse } from 'csv-parse/sync';
import { DomainError } from '@vitrine/kernel';
import { columnIndex } from './cell-reader';
import { rowReader } from './csv-fields';
import type { CsvMapping } from './csv-mapping';
import { leftOut, malformed, type EventFormat, type Reading, type SourceRecord } from './event-format';
import type { InputFile } from './input-file';
import { lineBundles } from './line-bundles';

const QUOTE = '"';
/** A quoted cell that goes on for more lines than this is a quote that somebody forgot. */
const MAX_ROW_LINES = 100;
const FORGOTTEN = '\u0000open quote\n';

/**
 * Rows of a CSV file with a header (RFC 4180: quoted cells may hold delimiters, quotes and ends of lines). A last row without an end of line
 * counts as cut off: nobody can tell 12 from the beginning of 1250.
 */
export function csvFormat(input: InputFile, mapping: CsvMapping): EventFormat {
  const { delimiter } = mapping;
  let read: (cells: readonly string[]) => Reading = () => malformed('no header');
  let columns = 0;
  return {
    hasIds: mapping.fields.eventId !== undefined,
    async *records() {
      let hasHeader = false;
      for await (const rows of rowsOf(input)) {
        const [first, ...rest] = rows;
        if (!hasHeader && first !== undefined) {
          const header = headerOf(first, { file: input.name, delimiter });
          columns = header.length;
          read = rowReader(mapping, columnIndex(input.name, header));
          hasHeader = true;
          yield rest;
        } else yield rows;
      }
      if (!hasHeader) throw new DomainError('IMPORT_MAPPING_INVALID', `${input.name} is empty: it needs a header line`);
    },
    read({ content }) {
      if (content === '') return leftOut('blank');
      if (content.startsWith(FORGOTTEN)) return malformed('a quote that is never closed');
      const cells = cellsOf(content, delimiter);
      if (cells === null) return malformed('quotes that are not CSV');
      return cells.length === columns ? read(cells) : malformed(`${cells.length} columns, the header has ${columns}`);
    },
  };
}

function headerOf(row: SourceRecord, { file, delimiter }: { readonly file: string; readonly delimiter: string }): readonly string[] {
  const header = cellsOf(row.content, delimiter)?.map((name) => name.trim());
  if (header === undefined) throw new DomainError('IMPORT_MAPPING_INVALID', `line 1 of ${file} is no header`);
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice === undefined) return header;
  throw new DomainError('IMPORT_MAPPING_INVALID', `line 1 of ${file} names the column ${twice} twice`, { details: { column: twice } });
}

/** @returns null for what is no CSV */
function cellsOf(row: string, delimiter: string): readonly string[] | null {
  if (!row.includes(QUOTE)) return row.split(delimiter);
  try {
    const rows: readonly (readonly string[])[] = parse(row, { delimiter, relax_column_count: true });
    return rows.length === 1 ? (rows[0] ?? null) : null;
  } catch {
    return null;
  }
}

async function* rowsOf(input: InputFile): AsyncGenerator<readonly SourceRecord[]> {
  const joiner = new RowJoiner();
  for await (const lines of lineBundles(input, { isWhole: () => false })) yield joiner.take(lines);
  const line = joiner.openSince();
  if (line === null) return;
  throw new DomainError('IMPORT_TRUNCATED', `${input.name} ends inside a quoted cell of line ${line}`, { details: { line } });
}

/** Joins the lines of a row whose quotes are open. */
class RowJoiner {
  private readonly open: SourceRecord[] = [];

  take(lines: readonly SourceRecord[]): readonly SourceRecord[] {
    const rows: SourceRecord[] = [];
    const waiting = [...lines].reverse();
    for (let line = waiting.pop(); line !== undefined; line = waiting.pop()) {
      const row = this.add(line);
      if (row !== null) rows.push(row);
      if (this.open.length <= MAX_ROW_LINES) continue;
      const [bad, ...again] = this.open.splice(0);
      if (bad !== undefined) rows.push({ line: bad.line, content: FORGOTTEN + bad.content });
      waiting.push(...again.reverse());
    }
    return rows;
  }

  /** The line on which an unfinished row begins; null without one. */
  openSince(): number | null {
    return this.open[0]?.line ?? null;
  }

  /** @returns the row that the line ends, if it does */
  private add(line: SourceRecord): SourceRecord | null {
    const isOdd = hasOddQuotes(line.content);
    if (this.open.length === 0 && !isOdd) return line;
    this.open.push(line);
    return this.open.length > 1 && isOdd ? joined(this.open.splice(0)) : null;
  }
}

function joined(lines: readonly SourceRecord[]): SourceRecord {
  return { line: lines[0]?.line ?? 0, content: lines.map(({ content }) => content).join('\n') };
}

function hasOddQuotes(text: string): boolean {
  let isOdd = false;
  for (let at = text.indexOf(QUOTE); at >= 0; at = text.indexOf(QUOTE, at + 1)) isOdd = !isOdd;
  return isOdd;
}
