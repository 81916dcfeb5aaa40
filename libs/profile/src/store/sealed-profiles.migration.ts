import type { Migration } from '@vitrine/platform';
import { visitorId } from '@vitrine/kernel';
import type { ClientSession } from 'mongoose';
import type { TraitValue } from '../domain/types';
import { PROFILES, sealFields } from './personal-fields';
import { profileTables, type ProfileTablesDeps } from './profile.schema';

/** A profile as rows held it while everything lay open. `value` is absent for a trait that was cleared. */
interface OpenRow {
  readonly _id: string;
  readonly userId: string | null;
  readonly aliases: readonly string[];
  readonly traits: readonly { readonly key: string; readonly at: number; readonly value?: TraitValue }[];
  readonly device: string | null;
  readonly locale: string | null;
}

/** In one transaction: few enough that a conflict with traffic costs little. */
const BATCH = 100;
const OPEN = { aliases: { $exists: true } };

/**
 * Seals what says who somebody is, and lets profiles be found by the hash of an id. Each batch is read and written in one transaction, so
 * that processes which migrate together, or serve already, undo nothing of each other. Run processes of an older release down first.
 */
export function sealedProfilesMigration(deps: Omit<ProfileTablesDeps, 'connection'>): Migration {
  return {
    id: 'profile-0003-sealed-personal',
    async up(connection) {
      await connection.collection(PROFILES).createIndex({ keyId: 1 }, { name: 'key' });
      for (let sealed = BATCH; sealed > 0;) sealed = await connection.transaction((session) => sealBatch({ ...deps, connection }, session));
    },
  };
}

async function sealBatch(deps: ProfileTablesDeps, session: ClientSession): Promise<number> {
  const { connection } = deps;
  const rows = await connection.collection<OpenRow>(PROFILES).find(OPEN, { session, limit: BATCH }).toArray();
  if (rows.length === 0) return 0;
  await hashAliases(deps, rows, session);
  await connection.collection<OpenRow>(PROFILES).bulkWrite(
    rows.map((row) => ({
      updateOne: {
        filter: { _id: row._id },
        update: {
          $set: sealFields(deps.sealer, row._id, fieldsOf(row)),
          $unset: { userId: '', aliases: '', traits: '', device: '', locale: '' },
        },
      },
    })),
    { session },
  );
  return rows.length;
}

async function hashAliases({ connection, ...deps }: ProfileTablesDeps, rows: readonly OpenRow[], session: ClientSession): Promise<void> {
  const { models, hasher } = profileTables({ connection, ...deps });
  const named = rows.flatMap(({ _id: profileId, aliases }) => aliases.map((alias) => ({ alias, profileId })));
  await models.aliases.bulkWrite(
    named.flatMap(({ alias, profileId }) => [
      { deleteOne: { filter: { _id: alias } } },
      { updateOne: { filter: { _id: hasher.hash(visitorId(alias)) }, update: { $set: { profileId } }, upsert: true } },
    ]),
    { session },
  );
}

function fieldsOf({ userId, aliases, traits, device, locale }: OpenRow): Parameters<typeof sealFields>[2] {
  return {
    userId,
    aliases: aliases.map(visitorId),
    traits: Object.fromEntries(traits.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]]))),
    traitTimes: Object.fromEntries(traits.map(({ key, at }) => [key, at])),
    device,
    locale,
  };
}
