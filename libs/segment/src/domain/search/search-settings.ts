import type { FeatureScaling, SegmentAlgorithm } from './configuration';

/** How the hyper-parameters are searched: random configurations, of which successive rungs keep the best and show them more rows. */
export interface SearchSettings {
  /** Numbers of segments tried: every whole number in [minSegments, maxSegments] at least once. */
  readonly minSegments: number;
  readonly maxSegments: number;
  /** Configurations of the first rung. */
  readonly configurations: number;
  /** A rung keeps one in so many. */
  readonly keepOneIn: number;
  /** Training rows that the first rung looks at; each later one at `keepOneIn` times as many. */
  readonly firstRows: number;
  readonly rungs: number;
  /** Resampled fits that the stability of a configuration is judged by. */
  readonly resamples: number;
  readonly algorithms: readonly Exclude<SegmentAlgorithm, 'RFM'>[];
  /** Whether the rules of recency, frequency and money compete, where their features are there. */
  readonly rules: boolean;
  readonly scalings: readonly FeatureScaling[];
}

export const DEFAULT_SEARCH_SETTINGS: SearchSettings = {
  minSegments: 2,
  maxSegments: 10,
  configurations: 18,
  keepOneIn: 3,
  firstRows: 2_000,
  rungs: 3,
  resamples: 4,
  algorithms: ['K_MEANS', 'GAUSSIAN_MIXTURE'],
  rules: true,
  scalings: ['STANDARD', 'ROBUST', 'POWER'],
};

/** Configurations per rung: the last one may hold several, of which the best wins. */
export function rungSizes({ configurations, keepOneIn, rungs }: SearchSettings): readonly number[] {
  const sizes = [configurations];
  while (sizes.length < rungs) {
    const next = Math.ceil((sizes.at(-1) ?? 1) / keepOneIn);
    if (next === sizes.at(-1)) break;
    sizes.push(next);
  }
  return sizes;
}

/** Training rows that a rung looks at. */
export function rungRows({ firstRows, keepOneIn }: SearchSettings, rung: number): number {
  return firstRows * keepOneIn ** rung;
}
