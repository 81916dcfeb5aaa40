import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { invariant } from '@vitrine/kernel';
import { anArm } from '../fixtures';
import { createPolicy } from '../policies/policy-registry';
import { PolicyPlayer, type BernoulliPlayer } from './bernoulli-player';
import { simulateBernoulli } from './bernoulli-regret';
import { BetaSamplingPlayer } from './beta-sampling-player';

interface ReferenceRow {
  readonly instance: string;
  readonly p: readonly number[];
  readonly algorithm: string;
  readonly runs: number;
  readonly horizon: number;
  readonly regret: Readonly<Record<string, { readonly mean: number; readonly standardError: number }>>;
}

const FILE = join(__dirname, '../../../../data/reference/bernoulli/bernoulli.json');
const REFERENCE: readonly ReferenceRow[] = JSON.parse(readFileSync(FILE, 'utf8'));
const RUNS = 100;
const SEED = 20_000;

function played(name: string, params: Readonly<Record<string, unknown>> = {}): (arms: number) => BernoulliPlayer {
  const policy = createPolicy({ name, params }, 0);
  invariant(policy.ok, 'the policy builds');
  return (arms) =>
    new PolicyPlayer(
      policy.value,
      Array.from({ length: arms }, (_, arm) => anArm(`banner-${arm}`)),
    );
}

/** Thompson sampling by draws, which is the policy `beta-thompson` in law: `beta-sampling-player.spec.ts`. */
const sampled =
  (beta: number): ((arms: number) => BernoulliPlayer) =>
  (arms) =>
    new BetaSamplingPlayer({ arms, alpha: 1, beta, leaderShare: 1 });

/** Each namesake with the settings that the reference states. */
const PLAYERS: Readonly<Record<string, (arms: number) => BernoulliPlayer>> = {
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

describe('pseudo-regret on the Bernoulli bandits of the reference', () => {
  it('compares every algorithm that the reference holds', () => {
    expect(new Set(REFERENCE.map(({ algorithm }) => algorithm))).toEqual(new Set(Object.keys(PLAYERS)));
    expect(REFERENCE).toHaveLength(2 * Object.keys(PLAYERS).length);
  });

  // Means beyond 4 standard errors of their difference: probability 6e-5 each, 1.2e-3 for all of them, if both sides are right.
  it.each(REFERENCE.map((row) => [row.algorithm, row.instance, row] as const))(
    'of %s on %s is that of the reference after all rounds',
    (algorithm, _instance, { p, horizon, regret }) => {
      const player = PLAYERS[algorithm]?.(p.length);
      const expected = regret[horizon];
      invariant(player !== undefined && expected !== undefined, 'the reference has its last checkpoint');
      const { regret: curve } = simulateBernoulli(
        { rates: p, checkpoints: [1000, 3000, 10000, 30000, horizon], runs: RUNS, seed: SEED },
        player,
      );
      const last = curve[4];
      invariant(last !== undefined, 'so do we');
      if (process.env['SHOW'])
        process.stderr.write(
          `${algorithm} ${_instance} ${curve.map((c, i) => `${c.mean.toFixed(2)}+-${c.standardError.toFixed(2)} z=${((c.mean - (regret[c.round]?.mean ?? 0)) / Math.hypot(c.standardError, regret[c.round]?.standardError ?? 0)).toFixed(2)}`).join(' | ')} ref ${expected.mean}\n`,
        );
      const error = Math.hypot(last.standardError, expected.standardError);
      expect(Math.abs(last.mean - expected.mean)).toBeLessThan(4 * error);
    },
  );
});
