import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { COUPON_POLICY, couponWorld, EFFECT_SETTINGS, readCoupons, readCsv, SegmentEffectStudy, type EffectReport } from '@vitrine/replay';
import { printResult, type CliContext } from '../cli-context';
import { specOf, wholeNumber } from '../policy-options';
import { showProgress } from '../progress-display';
import { playOut } from '../steady-play';
import { effectLines } from './effect-lines';

interface EffectOptions {
  readonly seeds: number;
  readonly policy: string;
  readonly params?: string;
  readonly coordinates: number;
  readonly json: boolean;
}

const FILE = 'data/coupons/in-vehicle-coupons.csv.gz';
const USUAL_SEEDS = 20;
const MOST_SEEDS = 1_000;
const MS_PER_S = 1_000;

/** What a run says beside the report itself. Names are a contract (docs/guides/segment-effect.md). */
export interface EffectOutcome extends EffectReport {
  readonly data: 'coupons';
  readonly policy: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly floor: number;
  readonly seeds: number;
  readonly coordinates: number;
  readonly resamples: number;
  readonly seconds: number;
}

export function registerSegmentEffect(segments: Command, context: CliContext): void {
  segments
    .command('effect')
    .description(
      'what segments add for first-time visitors: one policy with and without them on the coupon data, their difference with its interval',
    )
    .addOption(new Option('--seeds <n>', 'orders of arrival: seeds 1 to n').argParser(wholeNumber(1, MOST_SEEDS)).default(USUAL_SEEDS))
    .option('--policy <name>', 'a policy that reads its context', 'linear-thompson')
    .option('--params <json>', 'its parameters as a JSON object (default: its own defaults)')
    .addOption(
      new Option('--coordinates <n>', 'coordinates of the embedding that the policy sees beside the segment')
        .argParser(wholeNumber(0, EFFECT_SETTINGS.shownCoordinates))
        .default(EFFECT_SETTINGS.shownCoordinates),
    )
    .option('--json', 'print the outcome as JSON', false)
    .action((options: EffectOptions) => effect(context, options));
}

/** @throws DomainError as `SegmentEffectStudy`; SHUTTING_DOWN when stopped before the end */
async function effect(context: CliContext, options: EffectOptions): Promise<void> {
  const startedAt = performance.now();
  const { name, params } = specOf({ ...options, floor: COUPON_POLICY.floor });
  const study = new SegmentEffectStudy({
    world: couponWorld(readCoupons(await readCsv(join(context.root, FILE)))),
    spec: { name, params, floor: COUPON_POLICY.floor },
    seeds: Array.from({ length: options.seeds }, (_, at) => at + 1),
    settings: { ...EFFECT_SETTINGS, shownCoordinates: options.coordinates },
  });
  const display = showProgress({
    say: context.say,
    what: `decisions of ${name}`,
    total: study.rounds,
    terminal: process.stderr.isTTY === true,
  });
  try {
    await playOut(study, { signal: context.signal, progress: display.show });
  } finally {
    display.stop();
  }
  const { seeds, coordinates } = options;
  const outcome: EffectOutcome = {
    ...{ data: 'coupons', policy: name, params, floor: COUPON_POLICY.floor, seeds, coordinates, resamples: EFFECT_SETTINGS.resamples },
    ...study.report(),
    seconds: (performance.now() - startedAt) / MS_PER_S,
  };
  printResult(context, options.json, outcome, effectLines(outcome));
}
