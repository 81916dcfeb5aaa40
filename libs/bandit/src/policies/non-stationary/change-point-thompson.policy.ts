import { invariant, ok } from '@vitrine/kernel';
import { WinnerIntegral } from '../../numeric/winner-integral';
import type { ArmModel, DecisionPoint, Policy, PoolDerivation, PoolModel } from '../../policy';
import { mixFloor } from '../../selection/mix-floor';
import { COUNTS } from '../../statistics/counts.family';
import type { AdditiveFamily } from '../../statistics/statistics-family';
import { windowedFamily, WindowedSums } from '../../statistics/windowed.family';
import { BETA_PARAMETERS, checkedRange, deriveBetaPosterior, winProbabilities, type BetaPosterior } from '../context-free/beta-posterior';
import { definePolicy, type ParameterValues } from '../policy-definition';
import { lastChange, type RateAlarm } from './change-point';

const DAY = 86_400_000;

const parameters = {
  ...BETA_PARAMETERS,
  windowMs: {
    kind: 'number',
    unit: 'ms',
    whole: true,
    description: 'How far back data count while nothing changes.',
    default: 14 * DAY,
    min: 1000,
    max: 3650 * DAY,
  },
  buckets: {
    kind: 'number',
    unit: 'buckets',
    whole: true,
    description: 'Pieces of the window; a change is seen when the piece after it is over. Take them longer than most rewards need.',
    default: 84,
    min: 2,
    max: 1000,
  },
  delta: { kind: 'number', description: 'Chance of a false alarm that is aimed at.', default: 0.05, min: 1e-12, max: 0.5 },
  restart: {
    kind: 'choice',
    description: 'Whether only the banner that changed forgets what was before, or all banners.',
    options: ['banner', 'all'],
    default: 'banner',
  },
  exploration: {
    kind: 'number',
    description: 'Share of even exploration at all times, which sees others change.',
    default: 0.02,
    min: 0,
    max: 1,
  },
  alarmExploration: { kind: 'number', description: 'Share that is added right after a change.', default: 0.2, min: 0, max: 1 },
  alarmTrials: {
    kind: 'number',
    unit: 'trials',
    description: 'After how many trials of all banners that added share has halved.',
    default: 200,
    min: 1,
    max: 1e9,
  },
} as const;
type ChangePointParameters = ParameterValues<typeof parameters>;

/** One banner: what it earned by buckets, whether its rate changed, and its posterior since. */
class WatchedBanner {
  private oldest = Number.NaN;
  private posterior: BetaPosterior | null = null;

  constructor(
    readonly sums: WindowedSums,
    readonly alarm: RateAlarm | null,
    private readonly values: ChangePointParameters,
  ) {}

  /** On the window that ends with a time, as far as it lies after the banner's own change and after `since`. */
  at(time: number, since: number, counts: Float64Array): BetaPosterior {
    const windowStart = this.sums.oldestOf(this.sums.stepAt(time));
    const oldest = Math.max(windowStart, since, this.alarm?.bucket ?? -Infinity);
    if (this.posterior === null || oldest !== this.oldest) {
      this.sums.readFrom(oldest, counts);
      this.posterior = deriveBetaPosterior(counts, this.values);
      this.oldest = oldest;
    }
    return this.posterior;
  }
}

/** What the banners' alarms together ask for. */
class ChangeResponse {
  constructor(
    /** Bucket before which no banner's data count. */
    readonly since: number,
    /** Share of even exploration. */
    readonly exploration: number,
  ) {}
}

class ChangePointThompson implements Policy {
  readonly name = 'change-point-thompson';
  readonly contextual = false;
  readonly deterministic = false;
  readonly dimension = 0;
  readonly family: AdditiveFamily;
  readonly pool: PoolDerivation;
  private readonly integral = new WinnerIntegral();
  private readonly counts = new Float64Array(COUNTS.length);
  private readonly posteriors: ArmModel[] = [];
  private readonly untried: WatchedBanner;

  constructor(private readonly values: ChangePointParameters) {
    this.family = windowedFamily(values);
    this.pool = { heavy: false, derive: (arms) => this.respond(arms) };
    this.untried = new WatchedBanner(new WindowedSums(null, values), null, values);
  }

  derive(_arm: unknown, statistics: Float64Array | null): ArmModel {
    if (statistics === null) return this.untried;
    const sums = new WindowedSums(statistics, this.values);
    return new WatchedBanner(sums, lastChange(sums, this.values, this.values.delta), this.values);
  }

  distribution(arms: readonly ArmModel[], { at, pool }: DecisionPoint, out: Float64Array): void {
    invariant(pool instanceof ChangeResponse, 'change-point-thompson reads its own pool');
    this.posteriors.length = arms.length;
    for (let i = 0; i < arms.length; i++) this.posteriors[i] = watchedBanner(arms[i]).at(at, pool.since, this.counts);
    winProbabilities(this.posteriors, this.integral, out);
    mixFloor(out, pool.exploration);
  }

  private respond(arms: readonly ArmModel[]): PoolModel {
    const { restart, exploration, alarmExploration, alarmTrials } = this.values;
    let latest = -Infinity;
    for (const arm of arms) latest = Math.max(latest, watchedBanner(arm).alarm?.bucket ?? -Infinity);
    if (latest === -Infinity) return new ChangeResponse(latest, exploration);
    const raised = exploration + alarmExploration * 2 ** (-this.trialsSince(latest, arms) / alarmTrials);
    return new ChangeResponse(restart === 'all' ? latest : -Infinity, Math.min(raised, 1));
  }

  private trialsSince(bucket: number, arms: readonly ArmModel[]): number {
    let trials = 0;
    for (const arm of arms) {
      watchedBanner(arm).sums.readFrom(bucket, this.counts);
      trials += this.counts[COUNTS.trials] ?? 0;
    }
    return trials;
  }
}

function watchedBanner(model: ArmModel): WatchedBanner {
  invariant(model instanceof WatchedBanner, 'change-point-thompson reads its own models');
  return model;
}

/** Whether, since when and how surely the rate of a banner changed; null while nothing says so. @param model of `change-point-thompson` */
export function describeChange(model: ArmModel): Omit<RateAlarm, 'bucket'> | null {
  const { alarm } = watchedBanner(model);
  return alarm === null ? null : { changedAt: alarm.changedAt, statistic: alarm.statistic, threshold: alarm.threshold };
}

/**
 * Thompson sampling with a change-point detector: the Bernoulli generalised likelihood ratio test on each banner's rewards. When a banner's
 * rate changed, only its data after the change count, and for a while every banner is explored more: a share
 * `exploration + alarmExploration 2^(-trials of all banners since / alarmTrials)` is spread evenly.
 *
 * The test is computed from bucketed sums at each state revision, so the whole state stays additive: an alarm is a property of the data and
 * goes when they do. A false alarm costs the older data of one banner while it lasts. What was measured of false alarms and of the delay of
 * true ones stands in the tests.
 *
 * Departs from the source in that it samples from posteriors where that follows KL-UCB; looks at the ends of buckets only, which lowers
 * false alarms and delays true ones by up to two buckets; forgets what is older than the window; restarts on data since the estimated
 * change, where that drops everything before the alarm; and explores by a share per decision, where that plays each banner at fixed rounds.
 */
export const changePointThompsonPolicy = definePolicy({
  name: 'change-point-thompson',
  summary: 'Thompson sampling that notices when the rate of a banner has changed, forgets what was before, and explores more for a while.',
  contextual: false,
  deterministic: false,
  family: 'windowed',
  rewards: 'any',
  complexity: {
    decide: 'O(K) times some hundred quadrature nodes',
    learn: 'O(1), and O(B) per banner and revision, B buckets',
    state: '4 B numbers per banner',
  },
  parameters,
  paper:
    'Besson, Kaufmann, Maillard & Seznec, Efficient Change-Point Detection for Tackling Piecewise-Stationary Bandits, JMLR 23 (2022), algorithm 1',
  build: (values) => {
    const checked = checkedRange(values);
    return checked.ok ? ok(new ChangePointThompson(checked.value)) : checked;
  },
});
