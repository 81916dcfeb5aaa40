import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Engine } from './engine';
import type { ProcessIdentity } from './process-identity';

const identity = z.object({ pid: z.number().int(), began: z.string() });
const server = z.object({
  port: z.number().int(),
  url: z.string(),
  origin: z.string(),
  /** Null once it was stopped in good order. */
  running: z.object({ server: identity, owner: identity }).nullable(),
});
const state = z.object({ mongo: server.optional(), redis: server.optional() });

/** What is known of one embedded server: the port it last had, and who runs it. */
export interface ServerRecord {
  readonly port: number;
  readonly url: string;
  readonly origin: string;
  readonly running: { readonly server: ProcessIdentity; readonly owner: ProcessIdentity } | null;
}

export type StackState = Readonly<Partial<Record<Engine, ServerRecord>>>;

const fileOf = (dataDir: string): string => join(dataDir, 'stack.json');

/** The recorded state; empty when there is none or it cannot be read, since all of it can be found out again. */
export function readStackState(dataDir: string): StackState {
  try {
    const { mongo, redis } = state.parse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
    return { ...(mongo === undefined ? {} : { mongo }), ...(redis === undefined ? {} : { redis }) };
  } catch {
    return {};
  }
}

/** Replaces some records. Read and write happen at one go, so that two processes hardly ever meet here. */
export function updateStackState(dataDir: string, change: (before: StackState) => StackState): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${fileOf(dataDir)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(change(readStackState(dataDir)), null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, fileOf(dataDir));
}
