import { bannerId, rngFromNumber, type Rng } from '@vitrine/kernel';
import type { Visit, Visitor, VisitorWorld } from './visitor-world';

export interface PlantedWorldOptions {
  readonly visitors: number;
  readonly visits: number;
  /** GROUP: each hidden group likes a banner of its own. EVERYBODY: all like the same one best. NOBODY: all banners are liked alike. */
  readonly likedBy: 'GROUP' | 'EVERYBODY' | 'NOBODY';
  readonly seed: number;
}

const KINDS = ['tea', 'juice', 'soda'] as const;
const BANNERS = KINDS.map((kind) => bannerId(kind));
const TRAITS = ['car', 'music', 'sport', 'colour', 'pet', 'garden'] as const;
const VALUES = ['p', 'q', 'r'] as const;
/** How often a trait gives its group away; otherwise it is any value. */
const TELLING = 0.7;

/** Three hidden groups that many traits tell of a little each; banners were logged evenly. */
export function plantedWorld({ visitors, visits, likedBy, seed }: PlantedWorldOptions): VisitorWorld {
  const rng = rngFromNumber(seed);
  const chance = (group: number, shown: number): number => {
    if (likedBy === 'NOBODY') return 0.5;
    if (likedBy === 'EVERYBODY') return [0.3, 0.5, 0.7][shown] ?? 0;
    return shown === group ? 0.8 : 0.2;
  };
  return {
    visitors: Array.from({ length: visitors }, (): Visitor => {
      const group = below(3, rng);
      const traits = Object.fromEntries(TRAITS.map((name) => [name, VALUES[rng() < TELLING ? group : below(3, rng)] ?? '']));
      return { traits, visits: Array.from({ length: visits }, () => plantedVisit((shown) => chance(group, shown), rng)) };
    }),
    situationValues: new Map([['hour', ['day', 'night']]]),
    traitValues: new Map(TRAITS.map((name) => [name, VALUES])),
    traitScales: new Map(),
  };
}

function plantedVisit(chance: (shown: number) => number, rng: Rng): Visit {
  const shown = below(3, rng);
  const situation = { hour: rng() < 0.5 ? 'day' : 'night' };
  return { eligible: BANNERS, shown, reward: rng() < chance(shown) ? 1 : 0, propensity: 1 / 3, situation };
}

const below = (n: number, rng: Rng): number => Math.floor(rng() * n);
