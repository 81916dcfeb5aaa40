import { rngFromNumber, shuffledOrder, type Rng } from '@vitrine/kernel';
import type { VisitorWorld } from './visitor-world';

const STREAMS = ['arrivals', 'draws', 'training', 'resamples'] as const;

/** A stream of its own for each use of a seed: who arrives says nothing about what is drawn for them. */
export function streamOf(seed: number, use: (typeof STREAMS)[number]): Rng {
  return rngFromNumber(seed * STREAMS.length + STREAMS.indexOf(use));
}

/** Who comes when: the visitors of a world in the order of a seed, one after the other, each with all visits. */
export interface Arrivals {
  /** Shape [visitors]: who arrives first, second, ... */
  readonly order: Int32Array;
  /** Shape [rounds]: the visitor of each round. */
  readonly visitor: Int32Array;
  /** Shape [rounds]: index into the visitor's visits. */
  readonly visit: Int32Array;
  /** Shape [rounds]: how often the visitor was here before; 0 on the first visit. */
  readonly visitsBefore: Int32Array;
  /** Shape [rounds]: how many visits the visitor makes in all. */
  readonly visitsOf: Int32Array;
  /** Shape [rounds]: how many visitors came before this one. */
  readonly visitorsBefore: Int32Array;
}

/**
 * Both the order of the visitors and that of each one's visits are Fisher-Yates shuffles from the seed. The latter matters: a log that always
 * begins with the same questions has no choice of banner left at the first of them, however evenly it chose over all.
 */
export function drawArrivals({ visitors }: VisitorWorld, seed: number): Arrivals {
  const rng = streamOf(seed, 'arrivals');
  const order = shuffledOrder(visitors.length, rng);
  const rounds = visitors.reduce((sum, { visits }) => sum + visits.length, 0);
  const [visitor, visit] = [new Int32Array(rounds), new Int32Array(rounds)];
  const [visitsBefore, visitsOf, visitorsBefore] = [new Int32Array(rounds), new Int32Array(rounds), new Int32Array(rounds)];
  let round = 0;
  order.forEach((who, arrived) => {
    const all = visitors[who]?.visits.length ?? 0;
    shuffledOrder(all, rng).forEach((which, before) => {
      visitor[round] = who;
      visit[round] = which;
      visitsBefore[round] = before;
      visitsOf[round] = all;
      visitorsBefore[round++] = arrived;
    });
  });
  return { order, visitor, visit, visitsBefore, visitsOf, visitorsBefore };
}
