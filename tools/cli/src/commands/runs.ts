import { Option, type Command } from 'commander';
import Table from 'cli-table3';
import { DomainError } from '@vitrine/kernel';
import { TRAINING_STEPS, type RunMetric, type TrainingRun } from '@vitrine/segment';
import { printResult, type CliContext } from '../cli-context';
import { wholeNumber } from '../policy-options';
import { shownRun } from '../segments/segment-lines';
import { withSegments } from '../segments/with-segments';
import { bar, sparkline } from '../terminal-plot';

interface ListOptions {
  readonly last: number;
  readonly json: boolean;
}
interface JsonOption {
  readonly json: boolean;
}

const MOST = 1_000;
const PLAIN = { head: [], border: [], compact: true };

export function registerRuns(program: Command, context: CliContext): void {
  const runs = program.command('runs').description('trainings, and what each step measured');
  runs
    .command('list')
    .description('newest first')
    .addOption(new Option('--last <n>', 'so many').argParser(wholeNumber(1, MOST)).default(20))
    .option('--json', 'print the outcome as JSON', false)
    .action((options: ListOptions) => list(context, options));
  runs
    .command('show <run>')
    .description('one training: parameters, rows, what every step measured, with curves; `latest` is the newest')
    .option('--json', 'print the outcome as JSON', false)
    .action((run: string, options: JsonOption) => show(context, run, options));
  runs
    .command('compare <run> <runs...>')
    .description('several trainings side by side, with bars')
    .option('--json', 'print the outcome as JSON', false)
    .action((first: string, others: readonly string[], options: JsonOption) => compare(context, [first, ...others], options));
}

async function list(context: CliContext, { last, json }: ListOptions): Promise<void> {
  const runs = await withSegments(context, (desk) => desk.runs.list(last, null));
  const table = new Table({ head: ['run', 'began', 'kind', 'trigger', 'status', 'step', 'version', 'seconds', 'why'], style: PLAIN });
  for (const { id, startedAt, kind, trigger, status, step, modelVersion, finishedAt, failure } of runs) {
    const seconds = finishedAt === null ? '' : ((finishedAt - startedAt) / 1_000).toFixed(1);
    table.push([id, new Date(startedAt).toISOString(), kind, trigger, status, step, modelVersion, seconds, failure?.message ?? '']);
  }
  printResult(context, json, { runs: runs.map(shownRun) }, runs.length === 0 ? ['nothing was trained yet'] : [table.toString()]);
}

async function show(context: CliContext, id: string, { json }: JsonOption): Promise<void> {
  const [run] = await find(context, [id]);
  if (run === undefined) return;
  printResult(context, json, shownRun(run), [...parametersOf(run).map(([name, value]) => `${name}: ${value}`), '', ...curvesOf(run)]);
}

async function compare(context: CliContext, ids: readonly string[], { json }: JsonOption): Promise<void> {
  const runs = await find(context, ids);
  const parameters = runs.map(parametersOf);
  const names = [...new Set(parameters.flatMap((pairs) => pairs.map(([name]) => name)))];
  const table = new Table({ head: ['', ...runs.map((_, at) => `run ${at + 1}`)], style: PLAIN });
  for (const name of names) {
    const values = parameters.map((pairs) => pairs.find(([known]) => known === name)?.[1] ?? '');
    table.push([name, ...values]);
  }
  const figures = runs.map((run) => new Map(figuresOf(run).map(({ name, value }) => [name, value])));
  const measured = [...new Set(figures.flatMap((values) => [...values.keys()]))].map((name) => {
    return { name, values: figures.map((values) => values.get(name) ?? null) };
  });
  printResult(context, json, { runs: runs.map(shownRun), figures: measured }, [table.toString(), '', ...measured.flatMap(figureLines)]);
}

/** @throws DomainError NOT_FOUND naming the run */
function find(context: CliContext, ids: readonly string[]): Promise<readonly TrainingRun[]> {
  return withSegments(context, async ({ runs }) => {
    const [newest] = await runs.list(1, null);
    return Promise.all(
      ids.map((id) => {
        if (id === 'latest' && newest === undefined) throw new DomainError('NOT_FOUND', 'nothing was trained yet');
        return runs.get(id === 'latest' ? (newest?.id ?? id) : id);
      }),
    );
  });
}

function parametersOf(run: TrainingRun): readonly (readonly [string, string])[] {
  const chosen = run.chosen === null ? undefined : run.configurations[run.chosen];
  return [
    ['run', run.id],
    ['status', `${run.status} at ${run.step}${run.failure === null ? '' : `: ${run.failure.message}`}`],
    ['kind', `${run.kind} by ${run.trigger}`],
    ['model version', String(run.modelVersion)],
    ['live before', run.parentVersion === null ? 'none' : String(run.parentVersion)],
    ['code', run.codeVersion],
    ['rows', run.fingerprint?.slice(0, 16) ?? 'not known yet'],
    ['seed', String(run.seed)],
    ['searched', `${run.configurations.length} configurations`],
    [
      'chosen',
      chosen === undefined
        ? 'nothing yet'
        : `${chosen.algorithm}, ${chosen.segments} segments, ${chosen.scaling}, ${chosen.dimensions} dimensions`,
    ],
  ];
}

/** Figures that stand alone; curves are left to `show`. */
function figuresOf({ log }: TrainingRun): readonly RunMetric[] {
  return TRAINING_STEPS.flatMap((step) => {
    const metrics = log[step] ?? [];
    return metrics.filter(({ name }) => metrics.filter((other) => other.name === name).length === 1);
  });
}

function curvesOf({ log }: TrainingRun): readonly string[] {
  return TRAINING_STEPS.flatMap((step) => {
    const metrics = log[step] ?? [];
    const names = [...new Set(metrics.map(({ name }) => name))];
    const width = Math.max(0, ...names.map((name) => name.length));
    const lines = names.map((name) => `  ${name.padEnd(width)}  ${curveText(metrics.filter((metric) => metric.name === name))}`);
    return names.length === 0 ? [] : [step, ...lines];
  });
}

function curveText(metrics: readonly RunMetric[]): string {
  const values = metrics.toSorted((a, b) => a.index - b.index).map(({ value }) => value);
  const [only] = values;
  if (values.length === 1 && only !== undefined) return number(only);
  return `${sparkline(values)}  ${number(Math.min(...values))} to ${number(Math.max(...values))}`;
}

function figureLines({ name, values }: { readonly name: string; readonly values: readonly (number | null)[] }): readonly string[] {
  const known = values.filter((value) => value !== null);
  const largest = Math.max(...known.map(Math.abs));
  return [
    name,
    ...values.map(
      (value, at) => `  run ${at + 1}  ${value === null ? '-' : `${number(value).padStart(12)}  ${bar(Math.abs(value), largest)}`}`,
    ),
  ];
}

const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(5));
