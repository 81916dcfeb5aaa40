import { SMALLEST_SEGMENT } from '@vitrine/profile';
import type { GateRules } from '../training-run';
import type { GateEvidence } from './measure-candidate';

/** Normal quantile of a one-sided 95 % bound. */
const ONE_SIDED_Z = 1.645;
/** Expected rows of the smallest admissible segment before its absence among the held-out rows says anything. */
const EXPECTED_ROWS = 10;

type Rule = (evidence: GateEvidence, rules: GateRules) => string | null;

/** In the order of what they tell: the first that is broken is the reason. */
const RULES: readonly Rule[] = [
  hasStructure,
  isNobodyInParticular,
  isLargeEnough,
  isStable,
  holdsOnOthers,
  tellsAsMuchAsLive,
  groupsAsWellAsLive,
];

/** Why a candidate may not go live: `<RULE>: <numbers>`, the first rule broken; null when it may. */
export function judgeCandidate(evidence: GateEvidence, rules: GateRules): string | null {
  for (const rule of RULES) {
    const broken = rule(evidence, rules);
    if (broken !== null) return broken;
  }
  return null;
}

function hasStructure({ silhouette }: GateEvidence, { minSilhouette }: GateRules): string | null {
  return silhouette < minSilhouette ? `NO_STRUCTURE: silhouette ${show(silhouette)}, at least ${minSilhouette}` : null;
}

/** A share of a known number of rows is a count: of a group so small, name and share would tell of single people. */
function isNobodyInParticular({ smallestTrainShare, trainedRows }: GateEvidence): string | null {
  return isTooFewPeople(smallestTrainShare, trainedRows) ? `SEGMENT_TOO_SMALL: at least ${SMALLEST_SEGMENT} people in each` : null;
}

/** @param share of so many rows that train */
export function isTooFewPeople(share: number, rows: number): boolean {
  return Math.round(share * rows) < SMALLEST_SEGMENT;
}

function isLargeEnough({ smallestTrainShare, smallestHeldOutShare, heldOutRows }: GateEvidence, { minShare }: GateRules): string | null {
  if (smallestTrainShare < minShare) return `SEGMENT_TOO_SMALL: ${show(smallestTrainShare)} of the training rows, at least ${minShare}`;
  const telling = heldOutRows * minShare >= EXPECTED_ROWS;
  if (!telling || smallestHeldOutShare >= minShare / 2) return null;
  return `SEGMENT_TOO_SMALL: ${show(smallestHeldOutShare)} of the held-out rows, at least ${minShare / 2}`;
}

function isStable({ stability }: GateEvidence, { minStability }: GateRules): string | null {
  return stability < minStability ? `UNSTABLE: adjusted Rand index ${show(stability)} under resampling, at least ${minStability}` : null;
}

/** A few far rows among few held-out ones say little: only what exceeds the limit beyond chance counts. */
function holdsOnOthers({ spreadPerRow, spreadStandardError, trainSpreadPerRow }: GateEvidence, rules: GateRules): string | null {
  const limit = trainSpreadPerRow * (1 + rules.maxInertiaGrowth);
  const certain = spreadPerRow - ONE_SIDED_Z * spreadStandardError;
  if (certain <= limit) return null;
  return `DOES_NOT_HOLD: spread at least ${show(certain)} (${show(spreadPerRow)}) per held-out row, at most ${show(limit)}`;
}

function tellsAsMuchAsLive({ responseGain: own, liveResponseGain: live }: GateEvidence, { responseMargin }: GateRules): string | null {
  if (own === null || live === null || own >= live - responseMargin) return null;
  return `TELLS_LESS_THAN_LIVE: explains ${show(own)} of the response against ${show(live)} of the live model, margin ${responseMargin}`;
}

/** Where the response is known, it judges; a better-looking grouping that tells less is no gain. */
function groupsAsWellAsLive({ silhouette: own, liveSilhouette: live, responseGain, liveResponseGain }: GateEvidence, rules: GateRules) {
  const tellsMore = responseGain !== null && liveResponseGain !== null && responseGain > liveResponseGain + rules.responseMargin;
  if (live === null || own >= live - rules.margin || tellsMore) return null;
  return `WORSE_THAN_LIVE: silhouette ${show(own)} against ${show(live)} of the live model, margin ${rules.margin}`;
}

const show = (value: number): string => value.toFixed(4);
