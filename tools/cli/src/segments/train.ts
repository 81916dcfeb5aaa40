import { Option, type Command } from 'commander';
import { DomainError } from '@vitrine/kernel';
import { progressOf, type SegmentModel, type TrainingRun } from '@vitrine/segment';
import { printResult, type CliContext } from '../cli-context';
import { parseSeed, wholeNumber } from '../policy-options';
import { showProgress } from '../progress-display';
import { trainOnShoppers } from './train-on-shoppers';
import { modelLines, shopperLines, shownSegments } from './segment-lines';
import { withSegments, type SegmentDesk } from './with-segments';

interface TrainOptions {
  readonly data?: string;
  readonly segments?: number;
  readonly seed?: number;
  readonly wait: boolean;
  readonly json: boolean;
}

const MOST_SEGMENTS = 50;
const LOOK_EVERY_MS = 200;
/** So long after a start without any progress, no worker can be taking the jobs. */
const NOBODY_WORKS_MS = 30_000;
const STEPS = 1_000;
const SHOPPER_SEED = 1;

export function registerSegmentTrain(segments: Command, context: CliContext): void {
  segments
    .command('train')
    .description('trains segments now: of the stored profiles, by the running workers; or of a data set that ships, in this process')
    .addOption(new Option('--data <name>', 'a data set instead of the profiles').choices(['online-shoppers']))
    .addOption(new Option('--segments <n>', 'exactly so many; else the search chooses').argParser(wholeNumber(2, MOST_SEGMENTS)))
    .addOption(new Option('--seed <n>', 'the same rows, settings and seed give the same model').argParser(parseSeed))
    .option('--no-wait', 'return once the training has begun')
    .option('--json', 'print the outcome as JSON', false)
    .action((options: TrainOptions) => train(context, options));
}

async function train(context: CliContext, options: TrainOptions): Promise<void> {
  if (options.data !== undefined) {
    const outcome = await trainOnShoppers(context, { seed: options.seed ?? SHOPPER_SEED });
    printResult(context, options.json, outcome, shopperLines(outcome));
    return;
  }
  await withSegments(context, (desk) => trainHere(context, desk, options));
}

async function trainHere(context: CliContext, desk: SegmentDesk, options: TrainOptions): Promise<void> {
  const { wait, json } = options;
  const [segments, seed] = [options.segments ?? null, options.seed ?? null];
  const begun = await desk.starter.start({ trigger: 'MANUAL', minSegments: segments, maxSegments: segments, seed });
  if (!wait) {
    printResult(context, json, { run: begun.id, modelVersion: begun.modelVersion }, [`training ${begun.id} has begun`]);
    return;
  }
  const run = await ended(context, desk, begun);
  const model = run.status === 'PUBLISHED' ? await desk.models.find(run.modelVersion) : null;
  printResult(context, json, outcomeOf(run, model), linesOf(run, model));
  if (run.status !== 'PUBLISHED') context.fail();
}

/** Shows how far it comes. Interrupting the command leaves the training to the workers. */
async function ended({ say, signal }: CliContext, { runs }: SegmentDesk, begun: TrainingRun): Promise<TrainingRun> {
  const display = showProgress({ say, what: 'of the training', total: STEPS, terminal: process.stderr.isTTY === true });
  const start = performance.now();
  try {
    for (;;) {
      const run = await runs.get(begun.id);
      if (run.status !== 'RUNNING') return run;
      display.show(Math.round(STEPS * progressOf(run)));
      const idle = run.updatedAt === begun.updatedAt && performance.now() - start > NOBODY_WORKS_MS;
      if (idle) throw new DomainError('QUEUE_UNAVAILABLE', `no worker takes up training ${run.id}: start one with "vitrine up"`);
      if (signal.aborted) throw new DomainError('TRAINING_CANCELLED', `training ${run.id} goes on without this command`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  } finally {
    display.stop();
  }
}

function outcomeOf({ id, status, modelVersion, failure }: TrainingRun, model: SegmentModel | null) {
  const segments = shownSegments(model?.segments ?? []);
  return { run: id, status, modelVersion, failure, configuration: model?.configuration ?? null, metrics: model?.metrics ?? null, segments };
}

function linesOf(run: TrainingRun, model: SegmentModel | null): readonly string[] {
  if (model !== null) return [`version ${model.version} is live`, ...modelLines(model)];
  return [`training ${run.id} ended ${run.status}${run.failure === null ? '' : `: ${run.failure.message}`}${stays(run)}`];
}

const stays = ({ parentVersion }: TrainingRun): string => (parentVersion === null ? '' : `; version ${parentVersion} stays live`);
