import type { Command } from 'commander';
import { BENCHMARKS } from '../bench/registry';
import { printResult, type CliContext } from '../cli-context';

/** `vitrine bench NAME`: one subcommand per benchmark of the registry. */
export function registerBench(program: Command, context: CliContext): void {
  const bench = program.command('bench').description('benchmarks; compare figures of one run only');
  for (const add of BENCHMARKS) add(bench, context, (json, { value, lines }) => printResult(context, json, value, lines));
}
