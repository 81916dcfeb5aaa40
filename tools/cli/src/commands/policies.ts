import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import Table from 'cli-table3';
import { POLICIES } from '@vitrine/bandit';
import { printResult, type CliContext } from '../cli-context';
import { drawPlots, runsOf } from '../policy-pages/draw-plots';
import { defaultText, rangeText, unitText } from '../policy-pages/parameter-text';
import { factsOf, listFacts, type PolicyFacts } from '../policy-pages/policy-facts';
import { PLOT_RUNS } from '../policy-pages/regret-plot';
import { updatePages } from '../policy-pages/write-pages';
import { getPolicyMetadata, wholeNumber } from '../policy-options';
import { showProgress } from '../progress-display';

interface JsonOption {
  readonly json: boolean;
}

interface PageOptions extends JsonOption {
  readonly out?: string;
  readonly check: boolean;
}

interface PlotOptions extends JsonOption {
  readonly out?: string;
  readonly only?: readonly string[];
  readonly runs: number;
}

const MOST_RUNS = 1_000;
/** What a cell needs beside its text. */
const PADDING = 2;

export function registerPolicies(program: Command, context: CliContext): void {
  const policies = program
    .command('policies')
    .argument('[name]', 'one policy in full')
    .description('lists every policy with its parameters, defaults, cost and paper')
    .option('--json', 'print as JSON', false)
    .action((name: string | undefined, options: JsonOption) => list(context, name, options));
  policies
    .command('pages')
    .description('brings the generated tables of docs/policies up to what the registry says')
    .option('--out <directory>', 'where the pages are (default: docs/policies)')
    .option('--check', 'write nothing, exit with 1 when a page is out of date', false)
    .option('--json', 'print as JSON', false)
    .action((_options: unknown, command: Command) => pages(context, command.optsWithGlobals<PageOptions>()));
  policies
    .command('plot')
    .description('simulates and draws the regret of policies: the plots of docs/policies; takes minutes')
    .option('--out <directory>', 'where the plots go (default: docs/policies/plots)')
    .addOption(new Option('--only <names>', 'these policies, separated by commas').argParser((text) => text.split(',')))
    .addOption(new Option('--runs <n>', 'simulations per curve').argParser(wholeNumber(1, MOST_RUNS)).default(PLOT_RUNS))
    .option('--json', 'print as JSON', false)
    .action((_options: unknown, command: Command) => plot(context, command.optsWithGlobals<PlotOptions>()));
}

function list(context: CliContext, name: string | undefined, { json }: JsonOption): void {
  if (name !== undefined) {
    const facts = factsOf(getPolicyMetadata(name));
    printResult(context, json, facts, pageLines(facts));
    return;
  }
  const policies = listFacts();
  printResult(context, json, { policies }, [tableOf(policies), '"vitrine policies NAME" tells all of one; docs/policies helps to choose.']);
}

function tableOf(policies: readonly PolicyFacts[]): string {
  const longest = Math.max(...policies.map(({ name }) => name.length));
  const table = new Table({
    head: ['policy', 'context', 'parameters (default)', 'decide'],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [longest + PADDING, 9, 62, 36],
  });
  for (const { name, contextual, parameters, complexity } of policies) {
    const texts = Object.entries(parameters).map(([parameter, declared]) => `${parameter} (${defaultText(declared)})`);
    table.push([name, contextual ? 'yes' : 'no', texts.join(', '), complexity.decide]);
  }
  return table.toString();
}

function pageLines(facts: PolicyFacts): readonly string[] {
  const { name, summary, contextual, deterministic, rewards, family, mergeable, unfoldable, complexity, paper } = facts;
  const parameters = Object.entries(facts.parameters).flatMap(([parameter, declared]) => {
    const unit = unitText(declared);
    return [
      `  ${parameter}: ${declared.description}`,
      `    default ${defaultText(declared)}; ${rangeText(declared)}${unit === '' ? '' : `; in ${unit}`}`,
    ];
  });
  return [
    `${name}: ${summary}`,
    `reads the context: ${contextual ? 'yes' : 'no'}; deterministic: ${deterministic ? 'yes' : 'no'}; rewards: ${rewards === 'unit' ? 'in [0, 1]' : 'any'}`,
    `statistics: ${family}, ${mergeable ? 'mergeable' : 'not mergeable'}, ${unfoldable ? 'unfoldable' : 'not unfoldable'}`,
    `cost: decide ${complexity.decide}; learn ${complexity.learn}; state ${complexity.state}`,
    `paper: ${paper ?? 'none'}`,
    'parameters:',
    ...(parameters.length === 0 ? ['  none'] : parameters),
  ];
}

function pages(context: CliContext, { out, check, json }: PageOptions): void {
  const folder = resolve(out ?? join(context.root, 'docs', 'policies'));
  const outcomes = updatePages(folder, { write: !check });
  const stale = outcomes.filter((page) => page.stale).map(({ file }) => file);
  const verb = check ? 'out of date' : 'written';
  printResult(
    context,
    json,
    { pages: outcomes.length, stale },
    stale.length === 0 ? ['every page is up to date'] : stale.map((file) => `${verb}: ${file}`),
  );
  if (check && stale.length > 0) context.fail();
}

async function plot(context: CliContext, { out, only, runs, json }: PlotOptions): Promise<void> {
  const policies = only === undefined ? POLICIES.map(({ name }) => name) : only.map((name) => getPolicyMetadata(name.trim()).name);
  const folder = resolve(out ?? join(context.root, 'docs', 'policies', 'plots'));
  const terminal = process.stderr.isTTY === true;
  const display = showProgress({ say: context.say, what: 'simulated runs', total: runsOf(policies, runs), terminal });
  try {
    const files = await drawPlots({ folder, policies, runs, signal: context.signal, progress: display.show });
    printResult(context, json, { files }, files);
  } finally {
    display.stop();
  }
}
