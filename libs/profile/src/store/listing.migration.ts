import type { Connection } from 'mongoose';
import { factsOf } from '../domain/features/facts';
import { emptyFeatures } from '../domain/features/feature-catalogue';
import { LISTING_INDEXES } from './profile-listing.query';
import type { FeaturesDoc } from './profile.schema';

interface Row {
  readonly _id: string;
  readonly version: number;
  readonly features: FeaturesDoc;
  readonly facts?: Readonly<Record<string, number>>;
}

const BATCH = 500;

/**
 * Profiles get the values that lists are ordered by, and the indexes of those lists. Safe to run twice, and beside writers of this release;
 * a profile that an older one writes meanwhile is listed by features after its next event.
 */
export async function prepareListing(connection: Connection): Promise<void> {
  const profiles = connection.collection<Row>('profiles');
  await profiles.createIndexes(LISTING_INDEXES.map(({ name, key, partialFilterExpression }) => ({ name, key, partialFilterExpression })));
  for (let after = ''; ;) {
    const rows = await profiles
      .find({ _id: { $gt: after } }, { projection: { version: 1, features: 1, facts: 1 } })
      .sort({ _id: 1 })
      .limit(BATCH)
      .toArray();
    const last = rows.at(-1);
    if (last === undefined) return;
    const untold = rows.map((row) => ({ row, facts: factsOf({ ...emptyFeatures(), ...row.features }) })).filter(isUntold);
    if (untold.length > 0) await profiles.bulkWrite(untold.map(withFacts));
    after = last._id;
  }
}

interface Told {
  readonly row: Row;
  readonly facts: Readonly<Record<string, number>>;
}

const isUntold = ({ row, facts }: Told): boolean => Object.entries(facts).some(([name, value]) => row.facts?.[name] !== value);

/** Whoever changed a profile since it was read has written its facts. */
function withFacts({ row: { _id, version }, facts }: Told) {
  return { updateOne: { filter: { _id, version }, update: { $set: { facts } } } };
}
