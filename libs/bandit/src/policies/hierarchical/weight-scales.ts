import type { LinearArm } from './linear-arm';
import { WeightTree, type SolvedTree, type TreeTally, type WeightScales } from './weight-tree';

/** First guesses, and how far they bind. */
export interface WeightGuess {
  /** Standard deviation of a weight before anything is known. */
  readonly scale: number;
  /** Standard deviation of one reward around what the weights foresee. */
  readonly noise: number;
  /** Trials that `noise` is worth; positive. */
  readonly noiseTrials: number;
}

const MOST_STEPS = 12;
/** Relative gain of the objective that ends the search. */
const ENOUGH = 1e-6;
/** Largest change of a variance in one step. */
const LARGEST_FACTOR = 1e3;
/** The search takes the root's weights for unknown: ten times their scale. Else one banner would seem to tell how much banners differ. */
const UNKNOWN = 10;
/** Where the data determine less than this share of one departure, they cannot tell its variance. */
const DISCERNIBLE = 0.05;
/** Share of the scale below which a deviation counts as full pooling. */
const LEAST_DEVIATION = 1e-3;
/** Multiplications per step, about: bounds the search by the number of banners it looks at. */
const WORK_PER_STEP = 1e7;
const FEWEST_LEARNERS = 8;
const MOST_LEARNERS = 64;

interface Candidate {
  readonly scales: WeightScales;
  readonly tally: TreeTally;
  readonly objective: number;
}

interface Search {
  readonly tree: WeightTree;
  readonly guess: WeightGuess;
  readonly trials: number;
}

/**
 * Weights of all banners, with the variance of each weight around its group's (per layer and coordinate) and the noise learned from the banners
 * that were tried most (8 to 64 of them, fewer for more dimensions). A step multiplies each variance by what departures show over what it
 * made expect (Fellner-Schall), or, where that lowers the likelihood, by its square root (MM); at most 12 steps.
 *
 * @param arms in any order; untried ones say nothing
 * @param depth how many of a banner's groups count, widest first
 * @see Wood & Fasiolo, Biometrics 73 (2017)
 */
export function learnWeights(
  arms: readonly LinearArm[],
  { dimension, depth }: { readonly dimension: number; readonly depth: number },
  guess: WeightGuess,
): SolvedTree {
  const tried = arms.filter(({ trials }) => trials > 0).sort(byId); // sums over banners do not depend on the order in which they were read
  const learners = mostTried(tried, dimension);
  const search: Search = {
    tree: new WeightTree(dimension, depth, learners),
    guess,
    trials: learners.reduce((sum, arm) => sum + arm.trials, 0),
  };
  const layers = Array.from({ length: depth + 2 }, (_, layer) =>
    new Float64Array(dimension).fill((layer === 0 ? UNKNOWN : 1) * guess.scale),
  );
  let best = candidateOf(search, { deviations: layers, noise: guess.noise ** 2 });
  for (let step = 0; step < MOST_STEPS && learners.length > 0; step++) {
    let next = candidateOf(search, advanced(search, best, 1));
    if (next.objective < best.objective) next = candidateOf(search, advanced(search, best, 0.5));
    const gain = next.objective - best.objective;
    best = next;
    if (Math.abs(gain) <= ENOUGH * (1 + Math.abs(best.objective))) break;
  }
  const [, ...below] = best.scales.deviations;
  const root = new Float64Array(dimension).fill(guess.scale);
  return new WeightTree(dimension, depth, tried).solve({ deviations: [root, ...below], noise: best.scales.noise });
}

function byId(a: LinearArm, b: LinearArm): number {
  return a.identity.id < b.identity.id ? -1 : 1;
}

function mostTried(tried: readonly LinearArm[], dimension: number): readonly LinearArm[] {
  const room = Math.min(Math.max(Math.floor(WORK_PER_STEP / (3 * dimension ** 3)), FEWEST_LEARNERS), MOST_LEARNERS);
  return Array.from(tried)
    .sort((a, b) => b.trials - a.trials) // stable: ties stay in canonical order
    .slice(0, room);
}

function candidateOf({ tree, guess }: Search, scales: WeightScales): Candidate {
  const tally = tree.solve(scales).tally();
  const prior = -0.5 * guess.noiseTrials * (Math.log(scales.noise) + guess.noise ** 2 / scales.noise);
  return { scales, tally, objective: tally.logLikelihood + prior };
}

/** @param power 1 for a Fellner-Schall step, 0.5 for an MM step */
function advanced(search: Search, { scales, tally }: Candidate, power: number): WeightScales {
  const least = LEAST_DEVIATION * search.guess.scale;
  const deviations = scales.deviations.map((layer, l) =>
    l === 0
      ? layer
      : layer.map((deviation, j) => {
          const determined = tally.determined[l]?.[j] ?? 0;
          if (!(determined > DISCERNIBLE)) return deviation;
          const factor = (tally.shown[l]?.[j] ?? 0) / (deviation ** 2 * determined);
          return Math.max(deviation * bounded(factor) ** (power / 2), least);
        }),
  );
  return { deviations, noise: scales.noise * bounded(noiseFactor(search, { scales, tally })) ** power };
}

/** Squared errors over what the noise made expect: trials less what the weights fit. */
function noiseFactor({ guess, trials }: Search, { scales, tally }: Pick<Candidate, 'scales' | 'tally'>): number {
  let fitted = 0;
  let departures = 0;
  scales.deviations.forEach((layer, l) =>
    layer.forEach((deviation, j) => {
      fitted += tally.determined[l]?.[j] ?? 0;
      departures += (tally.shown[l]?.[j] ?? 0) / deviation ** 2;
    }),
  );
  const errors = scales.noise * Math.max(tally.misfit - departures, 0);
  const above = guess.noiseTrials * guess.noise ** 2 + errors;
  return above / ((guess.noiseTrials + Math.max(trials - fitted, 0)) * scales.noise);
}

function bounded(factor: number): number {
  return Math.min(Math.max(factor, 1 / LARGEST_FACTOR), LARGEST_FACTOR);
}
