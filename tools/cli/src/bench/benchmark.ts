import type { Command } from 'commander';
import type { CliContext } from '../cli-context';

/** What a benchmark found: for machines, and in lines for people. */
export interface BenchmarkResult {
  readonly value: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

/** One `vitrine bench NAME`. Every file of this folder that ends in `.benchmark.ts` exports one, and `registry.ts` lists them. */
export interface Benchmark<Options extends object = object> {
  readonly name: string;
  readonly description: string;
  /** Adds the options of its own; `--json` is there already. */
  options(command: Command): Command;
  run(context: CliContext, options: Options): Promise<BenchmarkResult>;
}

/** A benchmark as the command line holds it, whatever options it has. */
export type AnyBenchmark = (bench: Command, context: CliContext, print: PrintResult) => void;
export type PrintResult = (json: boolean, result: BenchmarkResult) => void;

/** Joins a benchmark to the command line; its options stay typed inside. */
export function benchmark<Options extends object>(definition: Benchmark<Options>): AnyBenchmark {
  return (bench, context, print) => {
    const command = bench.command(definition.name).description(definition.description).option('--json', 'print as JSON', false);
    definition.options(command).action(async (options: Options & { readonly json: boolean }) => {
      print(options.json, await definition.run(context, options));
    });
  };
}
