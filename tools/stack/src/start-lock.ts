import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError, invariant } from '@vitrine/kernel';
import { codeOf } from './message-of';
import { identify, stillRuns, type ProcessIdentity } from './process-identity';
import { waitUntil } from './servers/wait-until';

const WAIT_MS = 120_000;

/**
 * Lets one process at a time start a stack over a directory; the lock of a dead process is void.
 *
 * @returns gives the lock back
 * @throws DomainError STACK_START_FAILED when somebody else holds it for too long
 */
export async function takeStartLock(dataDir: string, waitMs: number = WAIT_MS): Promise<() => void> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'stack.lock');
  const own = identify(process.pid);
  invariant(own !== null, 'this process runs');
  const draft = `${file}.${randomUUID()}`; // two starts may meet in one process as well
  writeFileSync(draft, JSON.stringify(own));
  try {
    const taken = await waitUntil(() => (tryLink(draft, file) ? true : null), waitMs);
    if (taken !== null) return () => rmSync(file, { force: true });
  } finally {
    rmSync(draft, { force: true });
  }
  throw new DomainError('STACK_START_FAILED', `another start over ${dataDir} is under way (process ${holderOf(file)?.pid ?? 'unknown'})`);
}

/** A link appears whole or not at all, so that nobody reads half a lock. */
function tryLink(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const holder = holderOf(file);
    if (holder === null || !stillRuns(holder)) rmSync(file, { force: true });
    return false;
  }
}

function holderOf(file: string): ProcessIdentity | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const known = typeof value === 'object' && value !== null && 'pid' in value && 'began' in value ? value : null;
    return known !== null && typeof known.pid === 'number' && typeof known.began === 'string'
      ? { pid: known.pid, began: known.began }
      : null;
  } catch {
    return null;
  }
}
