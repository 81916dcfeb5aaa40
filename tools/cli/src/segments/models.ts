import { Option, type Command } from 'commander';
import Table from 'cli-table3';
import { DomainError } from '@vitrine/kernel';
import { printResult, type CliContext } from '../cli-context';
import { wholeNumber } from '../policy-options';
import { modelLines, shownSegments } from './segment-lines';
import { withSegments } from './with-segments';

interface ModelsOptions {
  readonly last: number;
  readonly json: boolean;
}
interface ExportOptions {
  readonly version?: number;
}
interface RollbackOptions {
  readonly to?: number;
  readonly json: boolean;
}

const MOST = 1_000;

export function registerSegmentModels(segments: Command, context: CliContext): void {
  segments
    .command('models')
    .description('the versions that are kept, newest first, and the segments of the live one')
    .addOption(new Option('--last <n>', 'so many').argParser(wholeNumber(1, MOST)).default(20))
    .option('--json', 'print the outcome as JSON', false)
    .action((options: ModelsOptions) => models(context, options));
  segments
    .command('export')
    .description('one version as JSON: pipeline, groups, response model, metrics and where they come from')
    .addOption(new Option('--version <n>', 'which; else the live one').argParser(wholeNumber(1, Number.MAX_SAFE_INTEGER)))
    .action((options: ExportOptions) => exportModel(context, options));
  segments
    .command('rollback')
    .description('puts a version that was live before in the place of the live one, at once')
    .addOption(new Option('--to <version>', 'which; else the one before the live one').argParser(wholeNumber(1, Number.MAX_SAFE_INTEGER)))
    .option('--json', 'print the outcome as JSON', false)
    .action((options: RollbackOptions) => rollback(context, options));
}

async function models(context: CliContext, { last, json }: ModelsOptions): Promise<void> {
  const found = await withSegments(context, (desk) => desk.models.list(last, null));
  const table = new Table({
    head: ['version', 'status', 'segments', 'rows', 'silhouette', 'stability', 'explains', 'trained', 'why not'],
    style: { head: [], border: [], compact: true },
  });
  for (const { version, status, segments, trainedRows, metrics, createdAt, refusal } of found) {
    const figure = (name: string): string => metrics[name]?.toFixed(3) ?? '';
    const figures = [figure('silhouette'), figure('stability'), figure('responseGain')];
    table.push([version, status, segments.length, trainedRows, ...figures, new Date(createdAt).toISOString(), refusal ?? '']);
  }
  const live = found.find(({ status }) => status === 'PUBLISHED');
  const lines =
    found.length === 0 ? ['there is no version yet'] : [table.toString(), ...(live === undefined ? [] : ['', ...modelLines(live)])];
  const shown = found.map((model) => ({ ...model, segments: shownSegments(model.segments) }));
  printResult(context, json, { models: shown }, lines);
}

/** @throws DomainError NOT_FOUND for a version that is not held, or while none is live */
async function exportModel(context: CliContext, { version }: ExportOptions): Promise<void> {
  const model = await withSegments(context, ({ models: held }) => (version === undefined ? held.findPublished() : held.find(version)));
  if (model === null) throw new DomainError('NOT_FOUND', version === undefined ? 'no version is live' : `version ${version} is not held`);
  printResult(context, true, model, []);
}

async function rollback(context: CliContext, { to, json }: RollbackOptions): Promise<void> {
  const { model, runId } = await withSegments(context, (desk) => desk.rollback.execute(to ?? null));
  const next = runId === null ? 'profiles follow with the next training' : `run ${runId} gives everybody their segment again`;
  printResult(context, json, { version: model.version, run: runId }, [`version ${model.version} is live; ${next}`]);
}
