import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ProgramRun {
  /** Exit code; null when the program could not start, was killed, or took too long. */
  readonly code: number | null;
  readonly stdout: string;
  /** Standard error, or the reason why the program could not be started. */
  readonly stderr: string;
}

export interface RunOptions {
  readonly timeoutMs: number;
  /** Ends the program when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Receives each finished line of standard output while the program runs. */
  readonly onLine?: (line: string) => void;
}

export type ProgramRunner = (program: string, args: readonly string[], options: RunOptions) => Promise<ProgramRun>;

const KEPT_CHARACTERS = 64_000;

/** Runs a program to its end without a shell and without letting it talk on our standard streams. Never rejects. */
export const runProgram: ProgramRunner = (program, args, { timeoutMs, signal, onLine }) =>
  new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], killSignal: 'SIGKILL', signal });
    // Not spawn's own timeout, which goes on ticking, and keeps us from ending, when the program could not be started.
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const finish = (code: number | null, reason: string): void => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr: reason });
    };
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout = `${stdout}${String(chunk)}`.slice(-KEPT_CHARACTERS)));
    child.stderr.on('data', (chunk) => (stderr = `${stderr}${String(chunk)}`.slice(-KEPT_CHARACTERS)));
    if (onLine !== undefined) createInterface({ input: child.stdout }).on('line', onLine);
    child.on('error', (error) => {
      if (child.pid === undefined) finish(null, error.message); // else it is being ended, and closes when it has
    });
    child.on('close', (code) => finish(code, stderr));
  });

/** Why a program failed, on one line: the last thing it said. */
export function reasonOf({ code, stderr }: ProgramRun): string {
  const last = stderr.trim().split('\n').at(-1)?.trim();
  return last || (code === null ? 'it was ended before it was done' : `it ended with exit code ${code}`);
}
