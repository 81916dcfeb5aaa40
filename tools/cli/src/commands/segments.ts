import type { Command } from 'commander';
import type { CliContext } from '../cli-context';
import { registerSegmentEffect } from '../segments/effect';

export function registerSegments(program: Command, context: CliContext): void {
  const segments = program.command('segments').description('segments of visitors: what they add to decisions');
  registerSegmentEffect(segments, context);
}
