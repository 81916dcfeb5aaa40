import { readFile } from 'node:fs/promises';
import { DomainError } from '@vitrine/kernel';
import type { z } from 'zod';

/**
 * Reads a mapping file.
 *
 * @throws DomainError NOT_FOUND without the file, IMPORT_MAPPING_INVALID naming each place that is wrong
 */
export async function readMapping<S extends z.ZodType>(file: string, schema: S): Promise<z.output<S>> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new DomainError('NOT_FOUND', `the mapping ${file} cannot be read`, { cause });
  });
  const parsed = schema.safeParse(jsonOf(file, text));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(placeOf);
  throw new DomainError('IMPORT_MAPPING_INVALID', `${file}: ${places.join('; ')}`, { details: { places } });
}

function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DomainError('IMPORT_MAPPING_INVALID', `${file} is not JSON`, { cause });
  }
}

function placeOf({ path, message }: z.core.$ZodIssue): string {
  return `${path.length === 0 ? 'the mapping' : path.map(String).join('.')}: ${message}`;
}
