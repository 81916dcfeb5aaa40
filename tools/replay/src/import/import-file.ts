import { randomUUID } from 'node:crypto';
import type { EventFormat } from './event-format';
import type { EventSink } from './event-sink';
import { ImportRun } from './import-run';
import { HEAD_BYTES, sha256Of, type ImportState, type ImportStates } from './import-state';
import type { InputFile } from './input-file';
import { EMPTY_TALLY, type ImportTally } from './tally';

export interface ImportFileOptions {
  readonly input: InputFile;
  readonly format: EventFormat;
  readonly sink: EventSink;
  readonly states: ImportStates;
  /** Names what else makes it this import (format, mapping, target): another setting is another import. */
  readonly setting: string;
  /** Forgets how far an earlier run came. */
  readonly restart?: boolean;
  readonly progress?: (tally: ImportTally) => void;
  readonly signal?: AbortSignal;
}

export interface ImportOutcome extends ImportTally {
  /** Lines that an earlier run had counted already; `lines` contains them. */
  readonly resumedAt: number;
}

/**
 * Imports a file of events, going on where an earlier run was stopped. The tally is that of one undisturbed run. A file that was imported
 * to its end is imported again when asked again: its events are answered DUPLICATE.
 *
 * @throws DomainError IMPORT_TRUNCATED and IMPORT_MAPPING_INVALID naming the place; what the sink throws; SHUTTING_DOWN. After any of them
 *   the same call goes on.
 */
export async function importFile(options: ImportFileOptions): Promise<ImportOutcome> {
  const { input, states, setting } = options;
  const head = await headOf(input);
  for (const kept of states.find(head, setting)) {
    if (options.restart === true) states.forget(kept);
    const outcome = options.restart === true ? null : await run(options, kept);
    if (outcome !== null) return outcome;
  }
  const fresh: ImportState = {
    version: 1,
    importId: randomUUID(),
    head: { bytes: head.length, sha256: sha256Of(head) },
    setting,
    sha256: sha256Of(''),
    tally: EMPTY_TALLY,
  };
  return (await run(options, fresh)) ?? { ...EMPTY_TALLY, resumedAt: 0 };
}

/** @returns null when the state is of another file that only begins alike */
async function run(options: ImportFileOptions, state: ImportState): Promise<ImportOutcome | null> {
  const { format, sink, states } = options;
  const end = await new ImportRun({
    format,
    sink,
    state,
    save: (now) => states.save(now),
    progress: options.progress ?? (() => undefined),
    signal: options.signal ?? new AbortController().signal,
  }).execute();
  if (end.kind === 'OTHER_FILE') return null;
  states.forget(state);
  return { ...end.tally, resumedAt: state.tally.lines };
}

async function headOf(input: InputFile): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input.chunks()) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= HEAD_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, HEAD_BYTES);
}
