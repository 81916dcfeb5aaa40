import type { Command } from 'commander';
import type { CliContext } from '../cli-context';
import { registerSegmentEffect } from '../segments/effect';
import { registerSegmentModels } from '../segments/models';
import { registerSegmentTrain } from '../segments/train';

export function registerSegments(program: Command, context: CliContext): void {
  const segments = program
    .command('segments')
    .description('segments of visitors: trained, listed, rolled back, and what they add to decisions');
  registerSegmentTrain(segments, context);
  registerSegmentModels(segments, context);
  registerSegmentEffect(segments, context);
}
