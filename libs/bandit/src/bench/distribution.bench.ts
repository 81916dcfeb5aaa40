import { invariant } from '@vitrine/kernel';
import { createPolicy, POLICIES } from '../policies/policy-registry';
import type { Policy } from '../policy';
import { trainPolicy, type TrainedPolicy } from './trained-policy';

/** What a policy costs with so many banners and contexts of such a dimension. */
export interface PolicyTiming {
  readonly policy: string;
  readonly arms: number;
  /** 0 for a context-free policy. */
  readonly dimension: number;
  readonly microsecondsPerDistribution: number;
  /** Of one trial: into the banner's statistics, and into the state that belongs to no banner where there is one. */
  readonly microsecondsPerFold: number;
  /** Of one banner's model: what a gateway does once per revision and changed banner. */
  readonly microsecondsPerDerive: number;
  /** Of what all banners together tell, once per revision; null where banners are looked at one by one. */
  readonly microsecondsPerPool: number | null;
  readonly stateBytesPerBanner: number;
  readonly stateBytes: number;
}

export interface PolicyBenchOptions {
  /** Only these policies; all by default. */
  readonly policies: readonly string[];
  readonly armCounts: readonly number[];
  readonly dimensions: readonly number[];
  /** Time spent on each figure, milliseconds. */
  readonly budgetMs: number;
  readonly seed: number;
  /** A clock in milliseconds, with fractions. */
  readonly now: () => number;
}

const DEFAULTS: PolicyBenchOptions = {
  policies: POLICIES.map(({ name }) => name),
  armCounts: [5, 50, 500],
  dimensions: [8, 32, 128],
  budgetMs: 100,
  seed: 1,
  now: () => performance.now(),
};
const BYTES = Float64Array.BYTES_PER_ELEMENT;

type Stopwatch = Pick<PolicyBenchOptions, 'now' | 'budgetMs'>;

/** Microseconds per step of a round of `steps` steps, after a third of the time as warm-up: the compiler's time is not the policy's. */
function microsecondsPer(steps: number, round: () => void, { now, budgetMs }: Stopwatch): number {
  const run = (ms: number): number => {
    const start = now();
    let rounds = 0;
    let passed = 0;
    do {
      round();
      rounds++;
      passed = now() - start;
    } while (passed < ms);
    return (passed * 1_000) / (rounds * steps);
  };
  run(budgetMs); // warm-up: the time of the compiler is not the policy's
  return run(budgetMs);
}

function timePolicy(policy: Policy, armCount: number, options: PolicyBenchOptions): PolicyTiming {
  const trained = trainPolicy(policy, armCount, options.seed);
  const { length, shared } = policy.family;
  return {
    policy: policy.name,
    arms: armCount,
    dimension: policy.dimension,
    microsecondsPerDistribution: timeDistribution(policy, trained, options),
    microsecondsPerDerive: timeDerive(policy, trained, options),
    microsecondsPerPool: timePool(policy, trained, options),
    microsecondsPerFold: timeFold(policy, trained, options), // last: it changes the statistics
    stateBytesPerBanner: BYTES * length,
    stateBytes: BYTES * (armCount * length + (shared?.length ?? 0)),
  };
}

function timeDistribution(policy: Policy, { models, pool, further }: TrainedPolicy, stopwatch: Stopwatch): number {
  const at = further.at(-1)?.at ?? 0;
  const points = further.map(({ context }) => ({ context, at, pool }));
  const out = new Float64Array(models.length);
  const round = (): void => {
    for (const point of points) policy.distribution(models, point, out);
  };
  return microsecondsPer(points.length, round, stopwatch);
}

function timeDerive(policy: Policy, { arms, statistics }: TrainedPolicy, stopwatch: Stopwatch): number {
  const some = arms.slice(0, 5).map((arm) => ({ arm, held: statistics.get(arm.id) ?? null }));
  const round = (): void => {
    for (const { arm, held } of some) policy.derive(arm, held);
  };
  return microsecondsPer(some.length, round, stopwatch);
}

function timePool({ pool }: Policy, { models, shared }: TrainedPolicy, stopwatch: Stopwatch): number | null {
  return pool === undefined ? null : microsecondsPer(1, () => void pool.derive(models, shared), stopwatch);
}

function timeFold({ family }: Policy, { arms, statistics, shared, further }: TrainedPolicy, stopwatch: Stopwatch): number {
  const entries = further.map((observation, i) => {
    const id = arms[i % arms.length]?.id;
    const held = id === undefined ? undefined : statistics.get(id);
    invariant(id !== undefined && held !== undefined, 'a banner with statistics');
    return { held, observation, entry: { ...observation, bannerId: id } };
  });
  const round = (): void => {
    for (const { held, observation, entry } of entries) {
      if (shared !== null) family.shared?.fold(shared, statistics, entry);
      family.fold(held, observation);
    }
  };
  return microsecondsPer(entries.length, round, stopwatch);
}

/**
 * Costs of every policy with its defaults, on dense contexts and trained banners, one row after the other so that the caller can show how far
 * it is. Context-free policies have one row per number of banners. Compare rows of one run only.
 */
export function* benchPolicies(options: Partial<PolicyBenchOptions> = {}): Generator<PolicyTiming> {
  const settings = { ...DEFAULTS, ...options };
  for (const { name, contextual } of POLICIES.filter((policy) => settings.policies.includes(policy.name))) {
    for (const dimension of contextual ? settings.dimensions : [0]) {
      for (const armCount of settings.armCounts) {
        const policy = createPolicy({ name, params: {} }, dimension);
        invariant(policy.ok, 'a policy builds from its defaults');
        yield timePolicy(policy.value, armCount, settings);
      }
    }
  }
}
