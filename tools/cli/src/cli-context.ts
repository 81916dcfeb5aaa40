import type { Env, Say } from '@vitrine/stack';

/** What a command may touch of the world. Built once by `main.ts`; a test builds its own. */
export interface CliContext {
  readonly env: Env;
  /** Top of the checkout: where `dist/` and `data/` are. */
  readonly root: string;
  /** Where the embedded databases, keys and logs live. */
  readonly dataDir: string;
  /** Aborted by Ctrl-C, by SIGTERM, and when the process that started us has died. */
  readonly signal: AbortSignal;
  /** One line for people, on standard error: standard output carries results alone. */
  readonly say: Say;
  /** A piece of a result, on standard output. */
  readonly write: (text: string) => void;
  /** The exit code of a command that ran through but did not find things in order. */
  readonly fail: (code?: number) => void;
}

/** Prints a command's result once: JSON for machines, or the lines for people. */
export function printResult(context: Pick<CliContext, 'write'>, json: boolean, value: unknown, lines: readonly string[]): void {
  context.write(json ? `${JSON.stringify(value, null, 2)}\n` : lines.map((line) => `${line}\n`).join(''));
}
