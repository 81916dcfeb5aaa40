import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { tallySchema, type ImportTally } from './tally';

const stateSchema = z.object({
  version: z.literal(1),
  /** Begins the name of every call of this import. */
  importId: z.string().min(8),
  /** The first bytes of the content, by which the file is known again; fewer when it was cut off before. */
  head: z.object({ bytes: z.number().int().nonnegative(), sha256: z.string() }),
  /** What else makes it this import: format, mapping, target. */
  setting: z.string(),
  /** Over the records that `tally` counts: whether the file is still the same up to there. */
  sha256: z.string(),
  tally: tallySchema,
});

/** How far an import is: everything that `tally` counts has its answer. */
export interface ImportState {
  readonly version: 1;
  readonly importId: string;
  readonly head: { readonly bytes: number; readonly sha256: string };
  readonly setting: string;
  readonly sha256: string;
  readonly tally: ImportTally;
}

export const HEAD_BYTES = 4_096;

export const sha256Of = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');

/** The states of unfinished imports, one file each, in a directory of their own. */
export class ImportStates {
  constructor(private readonly directory: string) {}

  /** The states of imports of files that begin with these bytes; first the one that knows most of them. */
  find(head: Buffer, setting: string): readonly ImportState[] {
    const fits = this.all().filter(
      (state) =>
        state.setting === setting &&
        state.head.bytes <= head.length &&
        state.head.bytes > 0 &&
        sha256Of(head.subarray(0, state.head.bytes)) === state.head.sha256,
    );
    return fits.toSorted((a, b) => b.head.bytes - a.head.bytes);
  }

  /** Whole or not at all: a process that is killed here leaves the old state. */
  save(state: ImportState): void {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    const file = this.fileOf(state.importId);
    writeFileSync(`${file}.draft`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${file}.draft`, file);
  }

  forget({ importId }: Pick<ImportState, 'importId'>): void {
    rmSync(this.fileOf(importId), { force: true });
  }

  private fileOf(importId: string): string {
    return join(this.directory, `${importId}.json`);
  }

  private all(): readonly ImportState[] {
    return namesIn(this.directory).flatMap((name) => {
      const state = read(join(this.directory, name));
      return state === null ? [] : [state];
    });
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith('.json'));
  } catch {
    return []; // none was ever written
  }
}

/** @returns null for what is no state: the import then starts over, which stores nothing twice */
function read(file: string): ImportState | null {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
