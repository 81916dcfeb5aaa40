import { Option } from 'commander';
import { benchAssigner, benchPipeline, benchResponse } from '@vitrine/segment';
import { wholeNumber } from '../policy-options';
import { benchmark, type BenchmarkResult } from './benchmark';

interface PipelineBenchOptions {
  readonly rounds: number;
}

const MOST_ROUNDS = 1e8;

/** What placing one shopper costs a gateway: features through the pipeline, to a segment, to a prediction. */
export const pipelineBenchmark = benchmark<PipelineBenchOptions>({
  name: 'pipeline',
  description: 'microseconds per profile: the feature pipeline, from features to a segment, and a predicted response',
  options: (command) =>
    command.addOption(new Option('--rounds <n>', 'profiles each').argParser(wholeNumber(1_000, MOST_ROUNDS)).default(500_000)),
  run: ({ say }, { rounds }) => Promise.resolve(run(say, rounds)),
});

function run(say: (line: string) => void, rounds: number): BenchmarkResult {
  say('The pipeline ...');
  const { transformMicros } = benchPipeline(rounds);
  say('Placing ...');
  const { assignMicros } = benchAssigner(rounds);
  say('Predicting ...');
  const responses = benchResponse(rounds);
  return {
    value: { rounds, transformMicros, assignMicros, responses },
    lines: [
      `pipeline, 16 numbers and 4 texts through every kind of step to 8 coordinates: ${transformMicros.toFixed(2)} us (target: at most 20)`,
      `16 features to a segment of 10: ${assignMicros.toFixed(2)} us`,
      ...responses.map(({ kind, predictMicros }) => `response by ${kind}: ${predictMicros.toFixed(2)} us`),
    ],
  };
}
