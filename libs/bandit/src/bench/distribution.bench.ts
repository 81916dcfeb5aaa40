import { invariant, rngFromNumber, type Rng } from '@vitrine/kernel';
import { createPolicy, POLICIES } from '../policies/policy-registry';
import { anArm, aPoint, aTrial } from '../fixtures';
import type { ArmIdentity, ArmModel, Policy } from '../policy';

export interface PolicyTiming {
  readonly policy: string;
  readonly arms: number;
  /** 0 for a context-free policy. */
  readonly dimension: number;
  readonly microsecondsPerDistribution: number;
}

export interface PolicyBenchOptions {
  readonly armCounts: readonly number[];
  readonly dimensions: readonly number[];
  /** Time spent measuring each row, milliseconds. */
  readonly budgetMs: number;
  readonly seed: number;
  /** A clock in milliseconds, with fractions. */
  readonly now: () => number;
}

const DEFAULTS: PolicyBenchOptions = {
  armCounts: [5, 50],
  dimensions: [8, 32, 110],
  budgetMs: 150,
  seed: 1,
  now: () => performance.now(),
};
const CONTEXTS = 64;
const TRIALS_PER_ARM = 200;

/** A dense context: a bias of 1 and values in [-1, 1). */
function contextOf(dimension: number, rng: Rng): Float64Array {
  return Float64Array.from({ length: dimension }, (_, i) => (i === 0 ? 1 : 2 * rng() - 1));
}

/** An arm after some trials with click rates between 2 and 10 %, so that several arms stay in the race. */
function trainedArm(policy: Policy, banner: ArmIdentity, rng: Rng): ArmModel {
  const statistics = new Float64Array(policy.family.length);
  const rate = 0.02 + 0.08 * rng();
  for (let trial = 0; trial < TRIALS_PER_ARM; trial++) {
    policy.family.fold(statistics, aTrial({ context: contextOf(policy.dimension, rng), reward: rng() < rate ? 1 : 0 }));
  }
  return policy.derive(banner, statistics);
}

function timePolicy(policy: Policy, armCount: number, { budgetMs, seed, now }: PolicyBenchOptions): PolicyTiming {
  const rng = rngFromNumber(seed);
  const arms = Array.from({ length: armCount }, (_, i) => trainedArm(policy, anArm(`banner-${i}`), rng));
  const pool = policy.pool?.derive(arms, null) ?? null;
  const points = Array.from({ length: CONTEXTS }, () => aPoint(contextOf(policy.dimension, rng), { pool }));
  const out = new Float64Array(armCount);
  const round = (): void => {
    for (const point of points) policy.distribution(arms, point, out);
  };
  const run = (ms: number): number => {
    const start = now();
    let rounds = 0;
    do {
      round();
      rounds++;
    } while (now() - start < ms);
    return ((now() - start) * 1000) / (rounds * CONTEXTS);
  };
  run(budgetMs / 3); // warm-up: the compiler's time is not the policy's
  return { policy: policy.name, arms: armCount, dimension: policy.dimension, microsecondsPerDistribution: run(budgetMs) };
}

/** Microseconds per distribution of every policy, on dense contexts and trained arms. Compare rows of one run only. */
export function benchPolicies(options: Partial<PolicyBenchOptions> = {}): readonly PolicyTiming[] {
  const settings = { ...DEFAULTS, ...options };
  return POLICIES.flatMap(({ name, contextual }) =>
    (contextual ? settings.dimensions : [0]).flatMap((dimension) =>
      settings.armCounts.map((armCount) => {
        const policy = createPolicy({ name, params: {} }, dimension);
        invariant(policy.ok, 'a policy builds from its defaults');
        return timePolicy(policy.value, armCount, settings);
      }),
    ),
  );
}
