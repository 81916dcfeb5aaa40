import type { ErasedModel, ErasedPolicy, ErasureOrder, PersonalData } from './personal-data';

/** What was removed outside of profiles. */
export interface ErasedPlaces {
  readonly removed: readonly { readonly place: string; readonly count: number }[];
  readonly policies: readonly ErasedPolicy[];
  readonly models: readonly ErasedModel[];
}

/**
 * Empties the places, one after the other and in their order. Which decisions are the person's is asked of all of them first: rows that
 * name a decision only are found no more once the rows that connect it with the person are gone.
 */
export async function eraseFromPlaces(places: readonly PersonalData[], person: Omit<ErasureOrder, 'decisionIds'>): Promise<ErasedPlaces> {
  const told = await Promise.all(places.map((place) => place.decisionsOf?.(person, person.until) ?? []));
  const order: ErasureOrder = { ...person, decisionIds: [...new Set(told.flat())] };
  const removed: { place: string; count: number }[] = [];
  const policies: ErasedPolicy[] = [];
  const models: ErasedModel[] = [];
  for (const place of places) {
    const rows = await place.erase(order);
    removed.push({ place: place.name, count: rows.removed });
    policies.push(...(rows.policies ?? []));
    models.push(...(rows.models ?? []));
  }
  return { removed, policies, models };
}
