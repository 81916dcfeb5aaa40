import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import { evaluateCase, type CaseEvaluation } from '@vitrine/bandit';
import { DomainError } from '@vitrine/kernel';
import { printResult, type CliContext } from '../cli-context';
import { opeProgress } from '../ope/ope-progress';
import { opeReport } from '../ope/ope-report';
import { readOpeInput } from '../ope/read-ope-input';

interface OpeOptions {
  readonly input: string;
  readonly json: boolean;
}

export function registerOpe(program: Command, context: CliContext): void {
  program
    .command('ope')
    .description(
      'what another policy would have earned, estimated from a logged data set by every off-policy estimator; docs/evaluation.md',
    )
    .requiredOption('--input <file>', 'logged cases in the format of data/reference/ope (JSON, or gzipped when it ends in .gz)')
    .option('--json', 'print the estimates as JSON', false)
    .action((options: OpeOptions) => ope(context, options));
}

async function ope(context: CliContext, { input, json }: OpeOptions): Promise<void> {
  const cases: CaseEvaluation[] = [];
  const lines: string[] = [];
  const progress = opeProgress(context.say);
  const inputs = readOpeInput(input);
  for (const [i, { rounds, parameters, contradictions }] of inputs.entries()) {
    await setImmediate(); // lets a signal in
    if (context.signal.aborted) throw new DomainError('SHUTTING_DOWN', 'interrupted before the last case');
    const { name } = rounds;
    if (contradictions > 0) context.say(`case "${name}": pi_e_logged contradicts pi_e in ${contradictions} rounds; each is used as given`);
    const outcome = evaluateCase(rounds, parameters, (done, total) =>
      progress.step(`case ${i + 1}/${inputs.length}, ${name}`, done, total),
    );
    cases.push(outcome);
    lines.push(...opeReport(outcome, rounds.rounds));
  }
  printResult(context, json, { cases }, lines);
}
