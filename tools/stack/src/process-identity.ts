import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { codeOf } from './message-of';

/** A process and when it began, because process numbers are used again. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly began: string;
}

/** Null when there is no such process. */
export function identify(pid: number): ProcessIdentity | null {
  if (!isAlive(pid)) return null;
  const began = beganAt(pid);
  return began === null ? null : { pid, began };
}

/** Whether this very process still runs, and not another one that got its number. */
export function stillRuns(process: ProcessIdentity): boolean {
  return identify(process.pid)?.began === process.began;
}

/** A process that may not be signalled is alive all the same; a zombie is dead. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function beganAt(pid: number): string | null {
  try {
    // Linux: proc(5), /proc/pid/stat. The command may hold spaces and brackets, so fields are counted from the last bracket.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return beganBySystemTool(pid);
  }
}

function beganBySystemTool(pid: number): string | null {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '');
  } catch {
    return null;
  }
}
