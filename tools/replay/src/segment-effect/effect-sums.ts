import type { Arrivals } from './arrivals';
import type { VisitorPlay } from './visitor-play';
import type { Visit } from './visitor-world';

/**
 * Which visits are judged: a visitor's first one, before anything was learned of them; the first three, as they were played; all, as they were
 * played.
 */
export const MEASURES = ['firstVisit', 'firstThreeVisits', 'allVisits'] as const;
export type Measure = (typeof MEASURES)[number];
export const ARMS = ['without', 'with'] as const;
export type Arm = (typeof ARMS)[number];

const FEW_VISITS = 3;

/** One play of one arm. All arrays have the shape [rounds]. */
export interface PlayedArm {
  readonly arrivals: Arrivals;
  readonly visits: readonly Pick<Visit, 'reward' | 'propensity'>[];
  readonly played: Pick<VisitorPlay, 'onArrival' | 'probability'>;
}

/** sum(m y / p) and sum(m / p) of each visitor, shape [visitors]: m the policy's probability of what was shown, y the reward, p the log's. */
export interface VisitorSums {
  readonly numerator: Float64Array;
  readonly denominator: Float64Array;
}

/** What one play adds up to, kept per visitor so that visitors can be resampled. */
export interface PlaySums extends Readonly<Record<Measure, VisitorSums>> {
  /** Shape [visitors]: which block of arrivals each visitor came in, 0-based. */
  readonly block: Int32Array;
}

/** Visitors of a block by order of arrival: from the first to before the second number. */
export function blockRange(
  block: number,
  { visitors, blocks }: { readonly visitors: number; readonly blocks: number },
): readonly [number, number] {
  const edge = (at: number): number => Math.ceil((at * visitors) / blocks);
  return [edge(block), edge(block + 1)];
}

/** @param blocks of equally many visitors, by order of arrival */
export function sumPlay(play: PlayedArm, blocks: number): PlaySums {
  const { arrivals, visits } = play;
  const visitors = arrivals.order.length;
  const sums = { firstVisit: emptySums(visitors), firstThreeVisits: emptySums(visitors), allVisits: emptySums(visitors) };
  visits.forEach(({ reward, propensity }, round) => {
    const who = arrivals.visitor[round] ?? 0;
    for (const measure of MEASURES) {
      const weight = matchOf(measure, play, round) / propensity;
      const { numerator, denominator } = sums[measure];
      numerator[who] = (numerator[who] ?? 0) + weight * reward;
      denominator[who] = (denominator[who] ?? 0) + weight;
    }
  });
  const block = new Int32Array(visitors);
  arrivals.order.forEach((who, arrived) => (block[who] = Math.floor((arrived * blocks) / visitors)));
  return { ...sums, block };
}

/** Probability of what was shown, times the share with which the round counts: each visit is the first one with the same chance. */
function matchOf(measure: Measure, { arrivals, played }: PlayedArm, round: number): number {
  if (measure === 'firstVisit') return (played.onArrival[round] ?? 0) / (arrivals.visitsOf[round] ?? 1);
  const counts = measure === 'allVisits' || (arrivals.visitsBefore[round] ?? 0) < FEW_VISITS;
  return counts ? (played.probability[round] ?? 0) : 0;
}

const emptySums = (visitors: number): VisitorSums => ({ numerator: new Float64Array(visitors), denominator: new Float64Array(visitors) });
