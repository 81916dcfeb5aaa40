import type { Command } from 'commander';
import type { CliContext } from '../cli-context';
import { registerGenerate } from '../events/generate-command';
import { registerImport } from '../events/import-command';

export function registerEvents(program: Command, context: CliContext): void {
  const events = program.command('events').description('event logs: import them, or make some up');
  registerImport(events, context);
  registerGenerate(events, context);
}
