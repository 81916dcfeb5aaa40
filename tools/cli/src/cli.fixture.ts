import type { CliContext } from './cli-context';
import { createProgram, runProgram, type CommandModule } from './program';

export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly talk: string;
  /** Whether the command found things out of order, though it ran through. */
  readonly failed: boolean;
}

/** Runs one command line in this process, for specs: the real command behind the real parser. */
export async function runCli(
  modules: readonly CommandModule[],
  args: readonly string[],
  { root = '/nowhere', signal = new AbortController().signal }: { readonly root?: string; readonly signal?: AbortSignal } = {},
): Promise<CliRun> {
  const [out, talk]: [string[], string[]] = [[], []];
  let failed = false;
  const context: CliContext = {
    env: {},
    root,
    dataDir: '/nowhere/.data',
    signal,
    say: (line) => void talk.push(line),
    write: (text) => void out.push(text),
    fail: () => {
      failed = true;
    },
  };
  const code = await runProgram(createProgram(modules, context), args, context);
  return { code, out: out.join(''), talk: talk.join('\n'), failed };
}
