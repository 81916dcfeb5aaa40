import { labelledOrder, LabelledPlay, type LabelledData, type PolicySpec } from '@vitrine/bandit';
import { rngFromNumber } from '@vitrine/kernel';
import { buildPolicy } from '../policy-options';
import { playOut, type SteadyOptions } from '../steady-play';

export interface LearnSetup {
  readonly spec: PolicySpec;
  readonly data: LabelledData;
  readonly epochs: number;
  /** Time between rounds, for policies that forget by time. */
  readonly msPerRound: number;
}

/** What one pass over the data earned. Names are a contract. */
export interface LearnOutcome {
  readonly seed: number;
  readonly rounds: number;
  readonly totalReward: number;
  readonly meanReward: number;
  /** Over the last floor(rounds / 4) rounds; null when there are fewer than four. */
  readonly lastQuarterMeanReward: number | null;
  /** Rounds less reward: every round has a right answer. */
  readonly regret: number;
  /** To decide and to learn, reading the file not included. */
  readonly microsecondsPerRound: number;
}

/**
 * One run: the policy starts knowing nothing. The seed sets the order of the rows and the draws of arms.
 *
 * @throws DomainError UNKNOWN_POLICY, POLICY_PARAMETER_INVALID, SHUTTING_DOWN
 */
export async function learnOnce(setup: LearnSetup, seed: number, options: SteadyOptions): Promise<LearnOutcome> {
  const { spec, data, epochs, msPerRound } = setup;
  const play = new LabelledPlay({
    policy: buildPolicy(spec, data.dimension),
    data,
    order: labelledOrder(data.labels.length, { seed, epochs }),
    floor: spec.floor,
    rng: rngFromNumber(seed),
    msPerRound,
  });
  const microseconds = await playOut(play, options);
  const { rounds, totalReward, lastQuarterMeanReward } = play;
  return {
    seed,
    rounds,
    totalReward,
    meanReward: totalReward / rounds,
    lastQuarterMeanReward,
    regret: rounds - totalReward,
    microsecondsPerRound: microseconds / rounds,
  };
}

/** Mean over runs and its standard error, sd / sqrt(n) with divisor n - 1; null from one run. */
export interface MeanOverRuns {
  readonly mean: number;
  readonly standardError: number | null;
}

export function overRuns(values: readonly number[]): MeanOverRuns {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: n < 2 ? null : Math.sqrt(squares / (n - 1) / n) };
}
