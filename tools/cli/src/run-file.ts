import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, stillRuns, type ProcessIdentity } from '@vitrine/stack';
import { z } from 'zod';

const runFile = z.object({
  owner: z.object({ pid: z.number().int(), began: z.string() }),
  gatewayUrl: z.string(),
  workerUrl: z.string(),
});

/** What `up` (or `start`) leaves behind while it runs, for `status` and `down` in another terminal. */
export interface RunFile {
  readonly owner: ProcessIdentity;
  readonly gatewayUrl: string;
  readonly workerUrl: string;
}

const fileOf = (dataDir: string): string => join(dataDir, 'apps.json');

/** Notes that this process runs the apps; returns what takes the note back. */
export function writeRunFile(dataDir: string, { gatewayUrl, workerUrl }: Omit<RunFile, 'owner'>): () => void {
  const owner = identify(process.pid);
  const draft = `${fileOf(dataDir)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ owner, gatewayUrl, workerUrl }, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, fileOf(dataDir));
  return () => rmSync(fileOf(dataDir), { force: true });
}

/** The note of a process that still runs; null otherwise. */
export function readRunFile(dataDir: string): RunFile | null {
  try {
    const { owner, gatewayUrl, workerUrl } = runFile.parse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
    return stillRuns(owner) ? { owner, gatewayUrl, workerUrl } : null;
  } catch {
    return null;
  }
}
