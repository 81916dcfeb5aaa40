import { murmur3 } from '@vitrine/kernel';

/** A banner as a vector that banners of the same groups share. */
export interface BannerFeatures {
  /** Shape [buckets]: 1, then hashed groups. */
  readonly values: Float64Array;
  /** The same for equal values. */
  readonly key: string;
}

/**
 * Feature hashing of a banner's groups: each adds 1 or -1 to one of the buckets after the first, which is 1 for every banner. The sign is hashed too, so
 * that groups which meet in one bucket do not look alike on average.
 *
 * @param buckets at least 2
 * @see Weinberger, Dasgupta, Langford, Smola & Attenberg, Feature Hashing for Large Scale Multitask Learning, ICML 2009, section 2
 */
export function bannerFeatures(groups: readonly string[], buckets: number): BannerFeatures {
  const values = new Float64Array(buckets);
  values[0] = 1;
  for (const group of groups) {
    const hash = murmur3(group);
    const bucket = 1 + ((hash >>> 1) % (buckets - 1));
    values[bucket] = (values[bucket] ?? 0) + ((hash & 1) === 1 ? 1 : -1);
  }
  return { values, key: values.join(' ') };
}
