import { invariant, ok } from '@vitrine/kernel';
import type { ArmModel, Policy } from '../../policy';
import { countsFamily } from '../../statistics/counts.family';
import { trialsIn } from '../context-free/mean-reward';
import { definePolicy } from '../policy-definition';
import { firstModel, HalfDecider, pairLearners, type Learner } from './learner-pair';
import { buildNested } from './nested-policy';

const TRIAL_COUNTER: Learner = { family: countsFamily, derive: (_arm, statistics) => trialsIn(statistics) };

function trialsOf(model: ArmModel): number {
  const trials = firstModel(model);
  invariant(typeof trials === 'number', 'warm-up reads its own models');
  return trials;
}

/** Spreads the probability evenly over banners with fewer trials; false, and `out` unchanged, when there are none. */
function shareAmongShort(arms: readonly ArmModel[], trials: number, out: Float64Array): boolean {
  let short = 0;
  for (let i = 0; i < arms.length; i++) if (trialsOf(arms[i]) < trials) short++;
  if (short === 0) return false;
  for (let i = 0; i < arms.length; i++) out[i] = trialsOf(arms[i]) < trials ? 1 / short : 0;
  return true;
}

function createWarmUp(inner: Policy, trials: number): Policy {
  const decider = new HalfDecider(inner, 'second');
  return {
    name: 'warm-up',
    contextual: inner.contextual,
    deterministic: inner.deterministic,
    dimension: inner.dimension,
    ...pairLearners(TRIAL_COUNTER, inner),
    distribution(arms, point, out) {
      invariant(arms.length > 0 && out.length === arms.length, 'one probability per eligible banner');
      if (!shareAmongShort(arms, trials, out)) decider.distribution(arms, point, out);
    },
  };
}

/**
 * Until every eligible banner has had `trials` trials, those that have not share the draw evenly; then the inner policy decides. A banner
 * that joins later is warmed up as well: until then it takes the whole probability.
 */
export const warmUpPolicy = definePolicy({
  name: 'warm-up',
  summary: 'Tries every banner a number of times before another policy decides.',
  contextual: false,
  deterministic: false,
  family: 'counts+counts',
  rewards: 'any',
  complexity: { decide: 'O(K) and that of the inner policy', learn: 'that of the inner policy', state: '3 numbers more per banner' },
  parameters: {
    policy: { kind: 'policy', description: 'The policy that decides afterwards.', default: { name: 'beta-thompson', params: {} } },
    trials: {
      kind: 'number',
      unit: 'trials',
      whole: true,
      description: 'How many trials each banner has first.',
      default: 50,
      min: 1,
      max: 1e9,
    },
  },
  paper: null,
  build: ({ policy, trials }, _dimension, compile) => {
    const inner = buildNested(compile, 'policy', policy);
    return inner.ok ? ok(createWarmUp(inner.value, trials)) : inner;
  },
});
