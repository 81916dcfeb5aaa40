import { invariant } from '@vitrine/kernel';
import { ProjectedStatistics } from './projected-statistics';
import {
  isMergeable,
  isUnfoldable,
  type AdditiveFamily,
  type Mergeable,
  type SharedFamily,
  type StatisticsFamily,
  type Unfoldable,
} from './statistics-family';

/** Keeps the versions of both layouts apart in one number. */
const VERSIONS = 1000;

/** The numbers of the first of two families. */
export function firstHalf(first: StatisticsFamily, statistics: Float64Array): Float64Array {
  return statistics.subarray(0, first.length);
}

/** The numbers of the second of two families. */
export function secondHalf(first: StatisticsFamily, statistics: Float64Array): Float64Array {
  return statistics.subarray(first.length);
}

/** The shared numbers of each of two families; null for one that has none. */
export function sharedHalves(
  { shared: first }: StatisticsFamily,
  { shared: second }: StatisticsFamily,
  numbers: Float64Array | null,
): readonly [Float64Array | null, Float64Array | null] {
  const split = first?.length ?? 0;
  return [
    first === undefined ? null : (numbers?.subarray(0, split) ?? null),
    second === undefined ? null : (numbers?.subarray(split) ?? null),
  ];
}

/**
 * Two families side by side on the same entries: the numbers of the first, then those of the second, and so their shared numbers. Can merge
 * when both can, and un-fold when both can.
 */
export function pairFamily(first: AdditiveFamily, second: AdditiveFamily): AdditiveFamily;
export function pairFamily(first: StatisticsFamily, second: StatisticsFamily): StatisticsFamily;
export function pairFamily(first: StatisticsFamily, second: StatisticsFamily): StatisticsFamily {
  return {
    name: `${first.name}+${second.name}`,
    version: VERSIONS * first.version + second.version,
    contextual: first.contextual || second.contextual,
    length: first.length + second.length,
    fold(statistics, observation) {
      first.fold(firstHalf(first, statistics), observation);
      second.fold(secondHalf(first, statistics), observation);
    },
    ...(isMergeable(first) && isMergeable(second) ? mergeBoth(first, second) : {}),
    ...(isUnfoldable(first) && isUnfoldable(second) ? unfoldBoth(first, second) : {}),
    ...pairShared(first, second),
  };
}

function mergeBoth(first: StatisticsFamily & Mergeable, second: Mergeable): Mergeable {
  return {
    merge(into, from) {
      invariant(into.length === from.length, 'merged statistics have one layout');
      first.merge(firstHalf(first, into), firstHalf(first, from));
      second.merge(secondHalf(first, into), secondHalf(first, from));
    },
  };
}

function unfoldBoth(first: StatisticsFamily & Unfoldable, second: Unfoldable): Unfoldable {
  return {
    unfold(statistics, observation) {
      first.unfold(firstHalf(first, statistics), observation);
      second.unfold(secondHalf(first, statistics), observation);
    },
  };
}

function pairShared(first: StatisticsFamily, second: StatisticsFamily): { readonly shared?: SharedFamily } {
  if (first.shared === undefined && second.shared === undefined) return {};
  const whole = first.length + second.length;
  return {
    shared: {
      length: (first.shared?.length ?? 0) + (second.shared?.length ?? 0),
      fold(shared, arms, entry) {
        const [ours, theirs] = sharedHalves(first, second, shared);
        if (ours !== null) first.shared?.fold(ours, new ProjectedStatistics(arms, 0, first.length), entry);
        if (theirs !== null) second.shared?.fold(theirs, new ProjectedStatistics(arms, first.length, whole), entry);
      },
    },
  };
}
