import { invariant } from '@vitrine/kernel';
import { wilsonInterval } from '@vitrine/bandit';
import type { SegmentRate } from '../types';

/** Responses that the overall rate counts for in each segment's rate, so that a small segment does not claim much. */
const PRIOR_PEOPLE = 20;
const Z_95 = 1.959963984540054;

/** Groups and responses of the same people, in the same order. */
export interface GroupedResponses {
  readonly labels: Int32Array;
  readonly target: Float64Array;
}

/**
 * What knowing the segment tells of the response: the share of its deviance that falls away when each of the judging people is predicted by
 * the rate of their segment among the training people, rather than all by one rate. 0 tells nothing, 1 everything, below 0 misleads.
 *
 * Rates of all rise and fall with the season, which no segment can know: the one rate is the judging people's own, and what segments predict
 * is moved, all by the same log-odds, to the same overall rate. So each side has one number that is fitted to the judging people.
 *
 * @see McFadden, Conditional Logit Analysis of Qualitative Choice Behavior (1974): the pseudo R squared, here on other people later
 */
export function responseGain(train: GroupedResponses, judge: GroupedResponses, groups: number): number {
  const overall = meanOf(train.target);
  const later = meanOf(judge.target);
  invariant(overall > 0 && overall < 1 && later > 0 && later < 1, 'both answers occur on both sides');
  const { people, responses } = countByGroup(judge, groups);
  const rates = movedTo(later, smoothedRates(train, groups, overall), people);
  let own = 0;
  rates.forEach((rate, group) => {
    const yes = responses[group] ?? 0;
    own -= yes * Math.log(rate) + ((people[group] ?? 0) - yes) * Math.log(1 - rate);
  });
  const base = -judge.target.length * (later * Math.log(later) + (1 - later) * Math.log(1 - later));
  return 1 - own / base;
}

/** The same rates in log-odds, all moved by as much as makes their mean over these people `mean`. */
function movedTo(mean: number, rates: readonly number[], people: Float64Array): readonly number[] {
  const total = people.reduce((sum, count) => sum + count, 0);
  const odds = rates.map((rate) => Math.log(rate / (1 - rate)));
  const at = (shift: number): readonly number[] => odds.map((logOdds) => 1 / (1 + Math.exp(-logOdds - shift)));
  let [low, high] = [-MOST_SHIFT, MOST_SHIFT];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const shift = (low + high) / 2;
    const reached = at(shift).reduce((sum, rate, group) => sum + rate * (people[group] ?? 0), 0) / total;
    if (reached < mean) low = shift;
    else high = shift;
  }
  return at((low + high) / 2);
}

/** Log-odds between which the move is looked for, and how often that range is halved: to the last digits of a double. */
const MOST_SHIFT = 30;
const HALVINGS = 60;

function smoothedRates(train: GroupedResponses, groups: number, overall: number): readonly number[] {
  const { people, responses } = countByGroup(train, groups);
  return Array.from(people, (count, group) => ((responses[group] ?? 0) + PRIOR_PEOPLE * overall) / (count + PRIOR_PEOPLE));
}

function countByGroup({ labels, target }: GroupedResponses, groups: number) {
  const people = new Float64Array(groups);
  const responses = new Float64Array(groups);
  labels.forEach((group, at) => {
    people[group] = (people[group] ?? 0) + 1;
    responses[group] = (responses[group] ?? 0) + (target[at] ?? 0);
  });
  return { people, responses };
}

/** Rate of each group with its 95 % interval; null for a group that nobody is in. */
export function ratesOf(grouped: GroupedResponses, groups: number): readonly (SegmentRate | null)[] {
  const { people, responses } = countByGroup(grouped, groups);
  return Array.from(people, (count, group) => {
    if (count === 0) return null;
    const hits = responses[group] ?? 0;
    const { lower: low, upper: high } = wilsonInterval(hits, count, Z_95);
    return { value: hits / count, low, high, people: count };
  });
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
