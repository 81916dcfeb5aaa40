import { invariant } from '@vitrine/kernel';
import { anArm } from '../fixtures';
import { createPolicy } from '../policies/policy-registry';
import type { Policy } from '../policy';
import { PolicyPlayer, type BernoulliPlayer } from './bernoulli-player';
import { simulateBernoulli, type MeanWithError } from './bernoulli-regret';
import { BetaSamplingPlayer } from './beta-sampling-player';

/** A row of `data/reference/bernoulli/bernoulli.json`. */
export interface ReferenceRow {
  readonly instance: string;
  readonly p: readonly number[];
  readonly algorithm: string;
  readonly runs: number;
  readonly horizon: number;
  readonly regret: Readonly<Record<string, MeanWithError>>;
}

const RUNS = 100;
const SEED = 20_000;

/** A player that goes through the distribution of a policy in every round. */
export function playerOf(policy: Policy, arms: number): PolicyPlayer {
  return new PolicyPlayer(
    policy,
    Array.from({ length: arms }, (_, arm) => anArm(`banner-${arm}`)),
  );
}

export function aPlayer(name: string, params: Readonly<Record<string, unknown>>, arms: number): PolicyPlayer {
  const policy = createPolicy({ name, params }, 0);
  invariant(policy.ok, 'the policy builds');
  return playerOf(policy.value, arms);
}

type PlayerMaker = (arms: number) => BernoulliPlayer;
const played =
  (name: string, params: Readonly<Record<string, unknown>> = {}): PlayerMaker =>
  (arms) =>
    aPlayer(name, params, arms);
/** The policy `beta-thompson` in law, as `beta-sampling-player.spec.ts` shows, at a fortieth of the time. */
const sampled =
  (beta: number): PlayerMaker =>
  (arms) =>
    new BetaSamplingPlayer({ arms, alpha: 1, beta, leaderShare: 1 });

/** Each namesake with the settings that the reference states, and defaults for what it does not. */
export const NAMESAKES: Readonly<Record<string, PlayerMaker>> = {
  'egreedy0.01': played('epsilon-greedy', { epsilon: 0.01 }),
  'egreedy0.1': played('epsilon-greedy', { epsilon: 0.1 }),
  klucb: played('kl-ucb'),
  prop_ctr: played('proportional-ctr'),
  ts: sampled(1),
  ts_b100: sampled(100),
  ts_b300: sampled(300),
  ucb1: played('ucb1'),
  uniform: played('uniform'),
};

/** By how many standard errors of the difference our regret after all rounds exceeds the reference's. */
export function excessOverReference({ algorithm, p, horizon, regret }: ReferenceRow): number {
  const player = NAMESAKES[algorithm]?.(p.length);
  const expected = regret[horizon];
  invariant(player !== undefined && expected !== undefined, 'an algorithm of the reference, with its last checkpoint');
  const ours = simulateBernoulli({ rates: p, checkpoints: [horizon], runs: RUNS, seed: SEED }, player).regret[0];
  invariant(ours !== undefined, 'a study has a last checkpoint');
  return (ours.mean - expected.mean) / Math.hypot(ours.standardError, expected.standardError);
}
