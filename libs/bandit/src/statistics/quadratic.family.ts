import { invariant } from '@vitrine/kernel';
import type { AdditiveFamily, Observation } from './statistics-family';
import { linearFamily } from './linear.family';

/** Number of features that {@link expandQuadratic} makes: the context and the products of all its values but the first. */
export function quadraticLength(dimension: number): number {
  return dimension + (dimension * (dimension - 1)) / 2;
}

/**
 * Writes the context, then x_i x_j for 1 <= i <= j. The first value is left out of the products: it is the constant 1 in every context
 * that delivery encodes.
 *
 * @param out shape [quadraticLength(d)]
 */
export function expandQuadratic(context: Float64Array, out: Float64Array): void {
  const d = context.length;
  invariant(out.length === quadraticLength(d), 'one place per feature');
  out.set(context);
  let at = d;
  for (let i = 1; i < d; i++) {
    for (let j = i; j < d; j++) out[at++] = (context[i] ?? 0) * (context[j] ?? 0);
  }
}

/** The linear family over the context and its products: what a context's own sums lie in as the leading block. */
export function quadraticFamily(dimension: number): AdditiveFamily {
  const length = quadraticLength(dimension);
  const inner = linearFamily(length);
  const features = new Float64Array(length);
  const expanded: Observation = { kind: 'TRIAL', context: features, reward: 0, before: 0, propensity: 1, at: 0, key: 0 };
  const expand = (observation: Observation): Observation => {
    expandQuadratic(observation.context, features);
    expanded.kind = observation.kind;
    expanded.reward = observation.reward;
    expanded.before = observation.before;
    return expanded;
  };
  return {
    name: 'linear',
    version: inner.version,
    contextual: true,
    length: inner.length,
    fold: (statistics, observation) => inner.fold(statistics, expand(observation)),
    unfold: (statistics, observation) => inner.unfold(statistics, expand(observation)),
    merge: (into, from) => inner.merge(into, from),
  };
}
