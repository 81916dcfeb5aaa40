import { DomainError } from '@vitrine/kernel';
import type { ProfileEvent, ProfileEventType } from '../profile-event';
import { PURPOSES, type Purpose } from '../types';
import { cartFamily } from './cart.family';
import { deviceFamily } from './device.family';
import { engagementFamily } from './engagement.family';
import { exposureFamily } from './exposure.family';
import type { FeatureDeclaration, FeatureFamily, FeatureValue } from './feature-family';
import { interestFamily } from './interest.family';
import { promotionFamily } from './promotion.family';
import { purchaseFamily } from './purchase.family';
import { rhythmFamily } from './rhythm.family';
import { visitFamily } from './visit.family';

/**
 * Every family of features, by the name under which a profile keeps its state. One line here puts a family to work: extraction, merging,
 * storage, the API, the documents and the consent check read nothing else. A name never changes its meaning.
 */
const DECLARED = {
  visit: visitFamily,
  interest: interestFamily,
  engagement: engagementFamily,
  purchase: purchaseFamily,
  cart: cartFamily,
  rhythm: rhythmFamily,
  device: deviceFamily,
  promotion: promotionFamily,
  exposure: exposureFamily,
} as const;

export type FamilyName = keyof typeof DECLARED;
type StateOf<F> = F extends FeatureFamily<infer S> ? S : never;

/** What a profile has learned: one state per family. Holds nothing that depends on the order in which events arrived. */
export type BehaviouralFeatures = { readonly [K in FamilyName]: StateOf<(typeof DECLARED)[K]> };

export const FEATURE_FAMILIES: { readonly [K in FamilyName]: FeatureFamily<BehaviouralFeatures[K]> } = DECLARED;
const isFamily = (name: string): name is FamilyName => Object.hasOwn(DECLARED, name);
export const FAMILY_NAMES: readonly FamilyName[] = Object.keys(DECLARED).filter(isFamily);

/** A feature with what its family says of it. */
export interface CataloguedFeature extends FeatureDeclaration {
  readonly family: FamilyName;
  readonly purpose: Purpose;
  readonly events: readonly ProfileEventType[];
}

export const FEATURE_CATALOGUE: readonly CataloguedFeature[] = FAMILY_NAMES.flatMap((family) => {
  const { features, purpose, events } = FEATURE_FAMILIES[family];
  return features.map((feature) => ({ ...feature, family, purpose, events }));
});

const EVERY_PURPOSE: ReadonlySet<Purpose> = new Set(PURPOSES);

/** What is known of somebody who did nothing yet. */
export function emptyFeatures(): BehaviouralFeatures {
  return eachFamily((name) => FEATURE_FAMILIES[name].empty);
}

/** Features after one more event; the order in which events are applied does not matter (within the bounds that families state). */
export function applyEvent(features: BehaviouralFeatures, event: ProfileEvent): BehaviouralFeatures {
  return applyEvents(features, [event]);
}

/** @param granted purposes that the person allows: families for another purpose learn nothing */
export function applyEvents(
  features: BehaviouralFeatures,
  events: readonly ProfileEvent[],
  granted: ReadonlySet<Purpose> = EVERY_PURPOSE,
): BehaviouralFeatures {
  if (events.length === 0) return features;
  return eachFamily((name) => applyTo(name, features[name], granted.has(FEATURE_FAMILIES[name].purpose) ? events : []));
}

function applyTo<K extends FamilyName>(name: K, state: BehaviouralFeatures[K], events: readonly ProfileEvent[]): BehaviouralFeatures[K] {
  const family = FEATURE_FAMILIES[name];
  return events.reduce((before, event) => (family.events.includes(event.type) ? family.apply(before, event) : before), state);
}

/** The features of one person who was known as two. Commutative; associative within the bounds that families state. */
export function mergeFeatures(a: BehaviouralFeatures, b: BehaviouralFeatures): BehaviouralFeatures {
  return eachFamily((name) => FEATURE_FAMILIES[name].merge(a[name], b[name]));
}

/**
 * Values of features by name, every feature of the catalogue unless named.
 *
 * @throws DomainError UNKNOWN_FEATURE naming the first that is not in the catalogue
 */
export function readFeatures(
  features: BehaviouralFeatures,
  nowMs: number,
  names: readonly string[] | null = null,
): ReadonlyMap<string, FeatureValue> {
  const asked = names ?? FEATURE_CATALOGUE.map(({ name }) => name);
  const read = new Map<FamilyName, Readonly<Record<string, FeatureValue>>>();
  return new Map(
    asked.map((name) => {
      const feature = FEATURE_CATALOGUE.find((known) => known.name === name);
      if (feature === undefined) throw new DomainError('UNKNOWN_FEATURE', `there is no feature ${name}`, { details: { feature: name } });
      const values = read.get(feature.family) ?? readFamily(feature.family, features, nowMs);
      read.set(feature.family, values);
      return [name, values[name] ?? null];
    }),
  );
}

function readFamily<K extends FamilyName>(name: K, features: BehaviouralFeatures, nowMs: number): Readonly<Record<string, FeatureValue>> {
  return FEATURE_FAMILIES[name].read(features[name], nowMs);
}

/** One value per family. */
function eachFamily(of: <K extends FamilyName>(name: K) => BehaviouralFeatures[K]): BehaviouralFeatures {
  return Object.fromEntries(FAMILY_NAMES.map((name) => [name, of(name)])) as BehaviouralFeatures; // every name once, each with its own state
}
