import { spawn } from 'node:child_process';

const KEPT_CHARACTERS = 64_000;

export interface ProgramRun {
  /** Exit code; null when the program could not start, was killed, or took too long. */
  readonly code: number | null;
  readonly stdout: string;
  /** Standard error, or the reason why the program could not be started. */
  readonly stderr: string;
  readonly timedOut: boolean;
}

export interface RunOptions {
  readonly timeoutMs: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Asked once, when time is up: true grants `extraMs` more, because the work is visibly under way. */
  readonly underWay?: () => boolean;
  readonly extraMs?: number;
}

/** Runs a program to its end without a shell and without letting it talk on our standard streams. Never rejects. */
export function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<ProgramRun> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.env === undefined ? {} : { env: { ...options.env } }),
    });
    let [stdout, stderr, timedOut] = ['', '', false];
    child.stdout.on('data', (chunk) => (stdout = `${stdout}${String(chunk)}`.slice(-KEPT_CHARACTERS)));
    child.stderr.on('data', (chunk) => (stderr = `${stderr}${String(chunk)}`.slice(-KEPT_CHARACTERS)));
    const giveUp = () => {
      timedOut = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(() => {
      if (options.underWay?.() === true) timer = setTimeout(giveUp, options.extraMs ?? 0);
      else giveUp();
    }, options.timeoutMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: null, stdout, stderr: error.message, timedOut });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr, timedOut });
    });
  });
}
