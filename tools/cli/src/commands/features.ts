import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { FEATURE_CATALOGUE } from '@vitrine/profile';
import { printResult, type CliContext } from '../cli-context';
import { featureTables } from '../feature-page/feature-page';
import { withBlocks } from '../policy-pages/generated-blocks';

const PAGE = 'docs/features.md';

interface FeatureOptions {
  readonly json: boolean;
  readonly check: boolean;
}

export function registerFeatures(program: Command, context: CliContext): void {
  const features = program
    .command('features')
    .description('lists every feature that profiles learn: type, unit, memory, purpose, source events')
    .option('--json', 'print as JSON', false)
    .action(({ json }: Pick<FeatureOptions, 'json'>) => printResult(context, json, FEATURE_CATALOGUE, [featureTables()]));
  features
    .command('page')
    .description(`brings the generated tables of ${PAGE} up to what the catalogue says`)
    .option('--check', 'write nothing, exit with 1 when the page is out of date', false)
    .option('--json', 'print as JSON', false)
    .action((_options: unknown, command: Command) => page(context, command.optsWithGlobals<FeatureOptions>()));
}

function page(context: CliContext, { check, json }: FeatureOptions): void {
  const path = join(context.root, PAGE);
  const before = readFileSync(path, 'utf8');
  const after = withBlocks(before, { catalogue: featureTables() }, PAGE);
  const stale = after !== before;
  if (stale && !check) writeFileSync(path, after);
  if (stale && check) context.fail();
  const verdict = stale ? (check ? 'is out of date' : 'was brought up to date') : 'is up to date';
  printResult(context, json, { page: PAGE, stale }, [`${PAGE} ${verdict}`]);
}
