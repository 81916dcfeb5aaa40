import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { invariant } from '@vitrine/kernel';

const GRACE_MS = 15_000;

/** A small process that outlives us by one task: to stop what we started if we are killed with no chance to do it ourselves. */
export interface Reaper {
  readonly pid: number;
  watch(pid: number): void;
  forget(pid: number): void;
  /** A directory to remove once the watched processes are gone. */
  removeAfterwards(dir: string): void;
  /** We have cleaned up ourselves. */
  dismiss(): void;
}

/**
 * Starts the reaper. It reads orders from a pipe whose other end only we hold: when the pipe ends without a dismissal, we are dead,
 * whatever the cause. It leads a session of its own, so Ctrl-C in the terminal does not reach it.
 */
export function startReaper(graceMs: number = GRACE_MS): Reaper {
  const child = spawn(process.execPath, ['-e', `(${reap.toString()})(${graceMs})`], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const { pid, stdin } = child;
  invariant(pid !== undefined && stdin instanceof Socket, 'a Node process starts, with a pipe for its input');
  child.unref();
  stdin.unref(); // neither may keep us alive
  stdin.on('error', () => undefined); // a reaper killed by somebody else must not take us along
  const order = (line: string): void => void stdin.write(`${line}\n`);
  return {
    pid,
    watch: (watched) => order(`watch ${watched}`),
    forget: (watched) => order(`forget ${watched}`),
    removeAfterwards: (dir) => order(`remove ${dir}`),
    dismiss: () => {
      order('dismiss');
      stdin.end();
    },
  };
}

/** The reaper's whole program. Its text is handed to another Node, so it may use nothing from around it but Node's globals. */
function reap(graceMs: number): void {
  const { rmSync } = process.getBuiltinModule('node:fs');
  const pids = new Set<number>();
  const dirs: string[] = [];
  let [text, dismissed] = ['', false];
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

  const signalAll = (signal: NodeJS.Signals | 0): void => {
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        pids.delete(pid);
      }
    }
  };
  const obey = (line: string): void => {
    const [verb, rest] = [line.split(' ', 1)[0], line.slice(line.indexOf(' ') + 1)];
    if (verb === 'watch') pids.add(Number(rest));
    if (verb === 'forget') pids.delete(Number(rest));
    if (verb === 'remove') dirs.push(rest);
    if (verb === 'dismiss') dismissed = true;
  };
  const finish = (): void => {
    for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
    process.exit(0);
  };
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk) => {
    const lines = (text + String(chunk)).split('\n');
    text = lines.pop() ?? '';
    lines.forEach(obey);
  });
  process.stdin.on('end', () => {
    if (dismissed) process.exit(0);
    const deadline = Date.now() + graceMs;
    signalAll('SIGTERM');
    setInterval(() => {
      signalAll(Date.now() > deadline ? 'SIGKILL' : 0);
      if (pids.size === 0 || Date.now() > deadline + 2_000) finish();
    }, 50);
  });
}
