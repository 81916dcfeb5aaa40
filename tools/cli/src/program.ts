import { Command, CommanderError } from 'commander';
import { DomainError } from '@vitrine/kernel';
import { messageOf } from '@vitrine/stack';
import type { CliContext } from './cli-context';

/** One command (or one group of them): adds itself to the program. Every file of `commands/` exports one. */
export type CommandModule = (program: Command, context: CliContext) => void;

export const EXIT = { ok: 0, failure: 1, usage: 2 } as const;

export function createProgram(modules: readonly CommandModule[], context: CliContext): Command {
  const program = new Command('vitrine')
    .description('Vitrine: decides which banner each shopper sees, and learns from what happens next.')
    .configureOutput({ writeOut: context.write, writeErr: (text) => context.say(text.trimEnd()) })
    .showHelpAfterError('(add --help for the options)')
    .exitOverride();
  for (const register of modules) register(program, context);
  return program;
}

/**
 * Runs one command line and gives its exit code: 0, 1 for a failure, 2 for a wrong call. A failure is told on standard error; with
 * `--json` it is also the JSON on standard output, so that a machine never has to read prose.
 */
export async function runProgram(program: Command, args: readonly string[], context: CliContext): Promise<number> {
  try {
    await program.parseAsync([...args], { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage; // commander has said why
    const code = error instanceof DomainError ? error.code : 'INTERNAL';
    const message = error instanceof DomainError ? error.message : messageOf(error);
    context.say(`${code}: ${message}`);
    if (!(error instanceof DomainError) && error instanceof Error && error.stack !== undefined) context.say(error.stack);
    if (args.includes('--json')) context.write(`${JSON.stringify({ error: { code, message } })}\n`);
    return EXIT.failure;
  }
}
