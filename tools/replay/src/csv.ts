import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { DomainError } from '@vitrine/kernel';
import { parse } from 'csv-parse';

/**
 * Reads a CSV file (gzipped when its name ends in `.gz`) as one record per line, keyed by the header.
 *
 * @throws DomainError NOT_FOUND when the file is missing, IMPORT_MALFORMED_LINE naming the line
 */
export async function readCsv(file: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const rows: Record<string, string>[] = [];
  const source = createReadStream(file);
  const bytes = file.endsWith('.gz') ? source.pipe(createGunzip()) : source;
  const parser = bytes.pipe(parse({ columns: true, bom: true, skip_empty_lines: true }));
  try {
    await new Promise<void>((resolve, reject) => {
      source.once('error', reject);
      bytes.once('error', reject);
      parser.once('error', reject);
      parser.once('end', resolve);
      parser.on('data', (row: Record<string, string>) => rows.push(row));
    });
  } catch (cause) {
    const isMissing = typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ENOENT';
    if (isMissing) throw new DomainError('NOT_FOUND', `there is no file ${file}`, { cause });
    throw new DomainError('IMPORT_MALFORMED_LINE', cause instanceof Error ? cause.message : 'the file is not CSV', { cause });
  }
  return rows;
}
