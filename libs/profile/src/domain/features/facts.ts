import { FEATURE_CATALOGUE, readFeatures, type BehaviouralFeatures } from './feature-catalogue';

/** Names of the features by which profiles can be listed. */
export const INDEXED_FEATURES: readonly string[] = FEATURE_CATALOGUE.filter(({ indexed }) => indexed === true).map(({ name }) => name);

/** What is known of the indexed features, by name: they do not change with time, so what is stored stays true until the next event. */
export function factsOf(features: BehaviouralFeatures): Readonly<Record<string, number>> {
  const known: Record<string, number> = {};
  for (const [name, value] of readFeatures(features, 0, INDEXED_FEATURES)) if (typeof value === 'number') known[name] = value;
  return known;
}

/** When somebody was last seen, ms; 0 for never. */
export function seenAt({ visit }: BehaviouralFeatures): number {
  return visit.lastSeenAt ?? 0;
}
