import { join } from 'node:path';
import { DomainError } from '@vitrine/kernel';
import type { Engine } from './engine';
import { stillRuns, type ProcessIdentity } from './process-identity';
import { isOurMongo } from './servers/mongo-server';
import { isOurRedis } from './servers/redis-server';
import { waitUntil } from './servers/wait-until';
import { readStackState, type ServerRecord } from './stack-state';

const REAPER_DEADLINE_MS = 20_000;
const ORPHAN_STOP_DEADLINE_MS = 20_000;

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly origin: string;
  readonly pid: number;
  /** The process that will stop it. */
  readonly owner: ProcessIdentity;
}

export function dataDirOf(dataDir: string, engine: Engine): string {
  return join(dataDir, engine);
}

/** The embedded server over this directory that somebody alive runs and that answers; null otherwise. */
export async function findRunning(dataDir: string, engine: Engine): Promise<RunningServer | null> {
  const record = readStackState(dataDir)[engine];
  if (!record?.running || !stillRuns(record.running.owner) || !stillRuns(record.running.server)) return null;
  const isOurs = engine === 'mongo' ? isOurMongo : isOurRedis;
  if (!(await isOurs(record.port, dataDirOf(dataDir, engine)))) return null;
  const { url, port, origin, running } = record;
  return { url, port, origin, pid: running.server.pid, owner: running.owner };
}

/**
 * Clears the way for a new server: one whose owner died is on its way out through the reaper, or, when the reaper died as well, is told
 * to end here. Two servers over the same files would not both start.
 *
 * @throws DomainError STACK_START_FAILED when the old one does not end
 */
export async function settleOrphan(record: ServerRecord | undefined): Promise<void> {
  const server = record?.running?.server;
  if (server === undefined || !stillRuns(server)) return;
  const gone = (): true | null => (stillRuns(server) ? null : true);
  if ((await waitUntil(gone, REAPER_DEADLINE_MS)) !== null) return;
  process.kill(server.pid, 'SIGTERM');
  if ((await waitUntil(gone, ORPHAN_STOP_DEADLINE_MS)) !== null) return;
  throw new DomainError('STACK_START_FAILED', `a server of an earlier run (process ${server.pid}) does not end; end it by hand`);
}
