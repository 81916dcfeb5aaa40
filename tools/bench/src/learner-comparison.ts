import { invariant } from '@vitrine/kernel';
import type { Library, PythonMeasurement } from './python-learner';

/** One play of one of our policies. */
export interface OurMeasurement {
  readonly policy: string;
  readonly microsecondsPerRound: number;
  readonly meanReward: number;
}

export interface LearnerSide {
  /** Median over the repeats. */
  readonly microsecondsPerRound: number;
  readonly fastestMicrosecondsPerRound: number;
  readonly slowestMicrosecondsPerRound: number;
  readonly meanReward: number;
}

/** One of our policies against one library, measured in the same run. */
export interface LearnerComparison {
  readonly policy: string;
  readonly library: Library;
  readonly version: string;
  readonly algorithm: string;
  readonly rounds: number;
  readonly repeats: number;
  readonly ours: LearnerSide;
  readonly theirs: LearnerSide;
  /** Their median time over ours: above 1 means that ours is faster. */
  readonly ratio: number;
  /** Their fastest repeat over our slowest: above 1 leaves no repeat in which theirs was faster. */
  readonly worstRatio: number;
}

/** Every policy of ours against every library, from all repeats of both; the libraries vary fastest. */
export function compareMeasurements(ours: readonly OurMeasurement[], theirs: readonly PythonMeasurement[]): readonly LearnerComparison[] {
  const libraries = Object.values(groupBy(theirs, ({ library }) => library));
  return Object.entries(groupBy(ours, ({ policy }) => policy)).flatMap(([policy, own]) =>
    libraries.map((other) => compareOne(policy, own, other)),
  );
}

function compareOne(policy: string, own: readonly OurMeasurement[], other: readonly PythonMeasurement[]): LearnerComparison {
  const [first] = other;
  invariant(first !== undefined && own.length === other.length, 'both sides were played equally often');
  const [ours, theirs] = [sideOf(own), sideOf(other)];
  return {
    policy,
    library: first.library,
    version: first.version,
    algorithm: first.algorithm,
    rounds: first.rounds,
    repeats: own.length,
    ours,
    theirs,
    ratio: theirs.microsecondsPerRound / ours.microsecondsPerRound,
    worstRatio: theirs.fastestMicrosecondsPerRound / ours.slowestMicrosecondsPerRound,
  };
}

function sideOf(plays: readonly Omit<OurMeasurement, 'policy'>[]): LearnerSide {
  const times = plays.map(({ microsecondsPerRound }) => microsecondsPerRound).toSorted((a, b) => a - b);
  const [fastest, slowest] = [times[0], times.at(-1)];
  invariant(fastest !== undefined && slowest !== undefined, 'at least one play');
  invariant(Number.isFinite(slowest) && fastest > 0, 'a round takes a positive, finite time');
  return {
    microsecondsPerRound: median(times),
    fastestMicrosecondsPerRound: fastest,
    slowestMicrosecondsPerRound: slowest,
    meanReward: plays.reduce((sum, { meanReward }) => sum + meanReward, 0) / plays.length,
  };
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Readonly<Record<string, readonly T[]>> {
  const groups: Record<string, T[]> = {};
  for (const item of items) (groups[keyOf(item)] ??= []).push(item);
  return groups;
}

/** The comparisons as lines for people, each ending in the ratio. */
export function comparisonLines(rows: readonly LearnerComparison[]): readonly string[] {
  return rows.map(({ policy, library, version, algorithm, rounds, ours, theirs, ratio, worstRatio }) => {
    const own = `${policy}: ${ours.microsecondsPerRound.toFixed(2)} us (reward ${ours.meanReward.toFixed(4)})`;
    const other = `${library} ${version} ${algorithm}: ${theirs.microsecondsPerRound.toFixed(2)} us (reward ${theirs.meanReward.toFixed(4)})`;
    return `${own} | ${other} | ${rounds} rounds | ${ratio.toFixed(2)} times as fast, ${worstRatio.toFixed(2)} at worst`;
  });
}
