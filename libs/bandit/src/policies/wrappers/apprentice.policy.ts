import { invariant, ok } from '@vitrine/kernel';
import type { Policy, PoolDerivation, PoolModel } from '../../policy';
import { definePolicy } from '../policy-definition';
import { APPRENTICESHIP, apprenticeFamily, type Examination } from './apprentice.family';
import { HalfDecider, PairPool, pairLearners, type Learner } from './learner-pair';
import { buildTwo } from './nested-policy';

/** How far an apprentice has come. */
export interface Apprenticeship {
  /** Trials on which it was compared with its baseline. */
  readonly trials: number;
  /** Share on which it agreed, in [0, 1]; null before the first. */
  readonly agreement: number | null;
  /** Whether it decides. */
  readonly live: boolean;
}

class ApprenticePool extends PairPool {
  constructor(
    pair: PairPool,
    readonly progress: Apprenticeship,
  ) {
    super(pair.first, pair.second);
  }
}

const NO_POOLS = new PairPool(null, null);

function progressIn(shared: Float64Array | null): Apprenticeship {
  const trials = shared?.[APPRENTICESHIP.trials] ?? 0;
  return {
    trials,
    agreement: trials > 0 ? (shared?.[APPRENTICESHIP.agreement] ?? 0) / trials : null,
    live: shared?.[APPRENTICESHIP.live] === 1,
  };
}

function apprenticePool({ pool }: Learner): PoolDerivation {
  return {
    heavy: pool?.heavy === true,
    readsPrior: pool?.readsPrior === true,
    derive(arms, shared, prior = null) {
      const pools = pool?.derive(arms, shared?.subarray(APPRENTICESHIP.length) ?? null, prior);
      return new ApprenticePool(pools instanceof PairPool ? pools : NO_POOLS, progressIn(shared));
    },
  };
}

/** How far the apprentice has come by the state revision of a pool. @param pool of `apprentice` */
export function describeApprentice(pool: PoolModel): Apprenticeship {
  invariant(pool instanceof ApprenticePool, 'apprentice reads its own pool');
  return pool.progress;
}

function createApprentice([apprentice, baseline]: readonly [Policy, Policy], examination: Examination): Policy {
  const pair = pairLearners(apprentice, baseline);
  const [apprenticeDecider, baselineDecider] = [new HalfDecider(apprentice, 'first'), new HalfDecider(baseline, 'second')];
  return {
    ...pair,
    name: 'apprentice',
    contextual: apprentice.contextual || baseline.contextual,
    deterministic: apprentice.deterministic || baseline.deterministic, // logs of either carry evidence only if both explore
    dimension: Math.max(apprentice.dimension, baseline.dimension),
    family: apprenticeFamily(apprentice, baseline, examination),
    pool: apprenticePool(pair),
    distribution(arms, point, out) {
      const decider = describeApprentice(point.pool).live ? apprenticeDecider : baselineDecider;
      decider.distribution(arms, point, out);
    },
  };
}

/**
 * Decides as the baseline does while the policy learns from it, and as the policy once it would have shown what the baseline showed in a
 * share `agreement` of at least `minTrials` trials: sum_t p_t(banner shown) / trials, p_t its distribution by what it knew before trial t.
 * It then decides for good.
 *
 * The ledger does not say which banners were eligible, so p_t is over the banners that have statistics; and it does not know groups, so a
 * hierarchical policy is judged without them. A baseline that draws at random cannot be agreed with on more than its largest probability:
 * set `agreement` below that. State cannot be merged or un-folded; it is rebuilt from the ledger.
 */
export const apprenticePolicy = definePolicy({
  name: 'apprentice',
  summary: 'Learns from what a trusted policy shows and takes over when it would mostly have shown the same.',
  contextual: false,
  deterministic: false,
  family: 'counts+counts',
  rewards: 'any',
  complexity: {
    decide: 'that of the baseline, later of the policy',
    learn: 'until it goes live a decision of the policy per measured trial, and a comparison of all its state; then that of both',
    state: 'that of both, and 3 numbers',
  },
  parameters: {
    policy: { kind: 'policy', description: 'The policy that learns.', default: { name: 'beta-thompson', params: {} } },
    baseline: { kind: 'policy', description: 'The policy that decides until then.', default: { name: 'epsilon-greedy', params: {} } },
    agreement: { kind: 'number', unit: 'share of trials', description: 'Agreement at which it goes live.', default: 0.8, min: 0, max: 1 },
    minTrials: {
      kind: 'number',
      unit: 'trials',
      whole: true,
      description: 'How many measured trials that takes at least.',
      default: 1000,
      min: 1,
      max: 1e9,
    },
    measureEvery: {
      kind: 'number',
      unit: 'trials',
      whole: true,
      description: 'Measures one trial in so many, by its hash; more than 1 saves work where the policy is dear.',
      default: 1,
      min: 1,
      max: 1e6,
    },
  },
  paper: null,
  build: ({ policy, baseline, ...examination }, _dimension, compile) => {
    const both = buildTwo(compile, ['policy', policy], ['baseline', baseline]);
    return both.ok ? ok(createApprentice(both.value, examination)) : both;
  },
});
