import { assertNever, invariant } from '@vitrine/kernel';
import { compileRfm, RFM_SEGMENTS, type RfmModel } from '../models/rfm-segments';

/** How coordinates become a group; plain data. Middles come first in every kind, since they are what people look at. */
export type Clusterer =
  | { readonly kind: 'K_MEANS'; readonly middles: readonly (readonly number[])[] }
  | {
      readonly kind: 'GAUSSIAN_MIXTURE';
      readonly middles: readonly (readonly number[])[];
      readonly weights: readonly number[];
      /** Diagonals of the covariances, shape [groups][columns]. */
      readonly variances: readonly (readonly number[])[];
    }
  /** Rules: which group each of them leads to, the last being people who never bought; -1 where nobody was in training. */
  | {
      readonly kind: 'RFM';
      readonly middles: readonly (readonly number[])[];
      readonly rules: RfmModel;
      readonly groups: readonly number[];
    };

/** Index of the group of the coordinates that start at `at`; the first of equals. Allocates nothing. */
export type GroupOf = (values: Float64Array, at: number) => number;

export function compileClusterer(clusterer: Clusterer): GroupOf {
  const { middles } = clusterer;
  const columns = middles[0]?.length ?? 0;
  invariant(columns > 0 && middles.every((middle) => middle.length === columns), 'every group has all coordinates');
  const centers = Float64Array.from(middles.flat());
  switch (clusterer.kind) {
    case 'K_MEANS':
      return leastOf(centers, new Float64Array(centers.length).fill(1), new Float64Array(middles.length));
    case 'GAUSSIAN_MIXTURE':
      return mixture(clusterer, centers, columns);
    case 'RFM':
      return byRules(clusterer, leastOf(centers, new Float64Array(centers.length).fill(1), new Float64Array(middles.length)));
    default:
      return assertNever(clusterer);
  }
}

/** Somebody whose rule nobody met in training is with the group whose people are most alike. */
function byRules({ rules, groups }: Extract<Clusterer, { kind: 'RFM' }>, nearest: GroupOf): GroupOf {
  const ruleOf = compileRules(rules);
  const table = Int32Array.from(groups);
  return (values, at) => {
    const group = table[ruleOf(values, at)] ?? -1;
    return group < 0 ? nearest(values, at) : group;
  };
}

/** Number of the rule that a row falls under, in the order of `RFM_SEGMENTS`; one more for people who never bought. */
export function compileRules(rules: RfmModel): GroupOf {
  const segmentOf = compileRfm(rules);
  const { frequency } = rules.columns;
  return (values, at) => ((values[at + frequency] ?? 0) > 0 ? segmentOf(values, at) : RFM_SEGMENTS.length);
}

/** -2 log of weight times density, less what all groups share: a weighted distance with an offset. */
function mixture(
  { weights, variances }: Extract<Clusterer, { kind: 'GAUSSIAN_MIXTURE' }>,
  centers: Float64Array,
  columns: number,
): GroupOf {
  const flat = Float64Array.from(variances.flat());
  invariant(
    flat.length === centers.length && weights.length * columns === centers.length,
    'a mixture has a weight and variances per group',
  );
  const offsets = Float64Array.from(weights, (weight, group) => {
    const logs = variances[group]?.reduce((sum, variance) => sum + Math.log(variance), 0) ?? 0;
    return logs - 2 * Math.log(weight);
  });
  return leastOf(
    centers,
    flat.map((variance) => 1 / variance),
    offsets,
  );
}

/** Group with the least offset plus weighted squared distance. */
function leastOf(centers: Float64Array, precisions: Float64Array, offsets: Float64Array): GroupOf {
  const groups = offsets.length;
  const columns = centers.length / groups;
  return (values, at) => {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let group = 0, base = 0; group < groups; group++, base += columns) {
      let distance = offsets[group] ?? 0;
      for (let c = 0; c < columns; c++) {
        const d = (values[at + c] ?? 0) - (centers[base + c] ?? 0);
        distance += d * d * (precisions[base + c] ?? 0);
      }
      if (distance >= least) continue;
      least = distance;
      best = group;
    }
    return best;
  };
}
