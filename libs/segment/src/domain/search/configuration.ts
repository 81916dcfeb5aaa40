import { invariant, type Rng } from '@vitrine/kernel';
import type { SearchSettings } from './search-settings';

export const SEGMENT_ALGORITHMS = ['K_MEANS', 'GAUSSIAN_MIXTURE', 'RFM'] as const;
export type SegmentAlgorithm = (typeof SEGMENT_ALGORITHMS)[number];
export const FEATURE_SCALINGS = ['STANDARD', 'ROBUST', 'POWER'] as const;
export type FeatureScaling = (typeof FEATURE_SCALINGS)[number];

/** One point of the space that is searched: all that may differ between two models of the same rows and seed. */
export interface SegmentConfiguration {
  readonly algorithm: SegmentAlgorithm;
  readonly segments: number;
  readonly scaling: FeatureScaling;
  /** Principal components kept: the coordinates of the embedding. */
  readonly dimensions: number;
}

/** Features that the rules of recency, frequency and money read. */
export const RFM_FEATURES = { recency: 'logPurchaseRecencyDays', frequency: 'logFrequency', monetary: 'logMonetary' } as const;
/** Groups that the rules know, with that of people who never bought. */
const RFM_GROUPS = 11;

/** The configurations with the one of rules, where the features are there that it needs: it has nothing to be searched. */
export function withRules(
  configurations: readonly SegmentConfiguration[],
  featureNames: readonly string[],
): readonly SegmentConfiguration[] {
  if (!Object.values(RFM_FEATURES).every((name) => featureNames.includes(name))) return configurations;
  return [...configurations, { algorithm: 'RFM', segments: RFM_GROUPS, scaling: 'STANDARD', dimensions: featureNames.length }];
}

/** Smallest and largest number of principal components tried, where there are so many features. */
const DIMENSIONS = [3, 8] as const;

/**
 * Configurations to try, all different. Every number of segments comes once, with the plain choice of everything else, before chance adds
 * more: the number matters most, and a search must not miss one by bad luck.
 *
 * @returns at most `settings.configurations` of them, fewer where the space is smaller
 */
export function drawConfigurations(settings: SearchSettings, features: number, rng: Rng): readonly SegmentConfiguration[] {
  const { minSegments, maxSegments, configurations } = settings;
  invariant(features >= 1 && minSegments >= 1 && maxSegments >= minSegments, 'there is something to choose from');
  const most = Math.min(features, DIMENSIONS[1]);
  const least = Math.min(features, DIMENSIONS[0]);
  const numbers = Array.from({ length: maxSegments - minSegments + 1 }, (_, at) => minSegments + at);
  const found = new Map<string, SegmentConfiguration>();
  const keep = (one: SegmentConfiguration): void => {
    if (found.size < configurations) found.set(JSON.stringify(one), one);
  };
  for (const segments of numbers)
    keep({ algorithm: settings.algorithms[0] ?? 'K_MEANS', segments, scaling: settings.scalings[0] ?? 'STANDARD', dimensions: most });
  const pick = <T>(values: readonly T[]): T => {
    const value = values[Math.floor(rng() * values.length)];
    invariant(value !== undefined, 'one value of several is picked');
    return value;
  };
  const space = numbers.length * settings.algorithms.length * settings.scalings.length * (most - least + 1);
  const dimensions = Array.from({ length: most - least + 1 }, (_, at) => least + at);
  for (let draws = 0; found.size < Math.min(configurations, space) && draws < 50 * configurations; draws++) {
    keep({
      algorithm: pick(settings.algorithms),
      segments: pick(numbers),
      scaling: pick(settings.scalings),
      dimensions: pick(dimensions),
    });
  }
  return [...found.values()];
}
