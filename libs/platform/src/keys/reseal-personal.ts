import type { Connection } from 'mongoose';
import { openPersonal, sealPersonal, type PersonalBlob } from './personal-blob';
import { unknownPersonalKey, type PersonalSealer } from './personal-sealer';

interface Row extends PersonalBlob {
  readonly _id: string;
}

export interface ResealDeps {
  readonly connection: Connection;
  readonly sealer: PersonalSealer;
  /** With an index on `keyId`. */
  readonly collection: string;
}

/**
 * Seals rows under older keys again under the current one, so that the older can be dropped. A row that somebody writes meanwhile is left
 * to the next call: its bytes are no longer those that were read.
 *
 * @param limit rows at most
 * @returns how many were found under older keys; less than `limit` when these were the last
 * @throws DomainError PERSONAL_KEY_UNKNOWN, once nothing else is left to do, while a row is sealed under a key that the ring lacks
 */
export async function resealPersonal(deps: ResealDeps, limit: number): Promise<number> {
  const { connection, sealer, collection } = deps;
  const rows = connection.collection<Row>(collection);
  const older = sealer.keyIds.filter((id) => id !== sealer.keyId);
  const projection = { personal: 1, keyId: 1 };
  const found = older.length === 0 ? [] : await rows.find({ keyId: { $in: older } }, { projection, limit }).toArray();
  if (found.length === 0) await refuseLostKeys(deps);
  else
    await rows.bulkWrite(
      found.map((row) => resealed(row, deps)),
      { ordered: false },
    );
  return found.length;
}

function resealed({ _id, personal }: Row, { sealer, collection }: ResealDeps) {
  const place = { collection, id: _id };
  const update = { $set: sealPersonal(sealer, place, openPersonal(sealer, place, { personal })) };
  return { updateOne: { filter: { _id, personal }, update } };
}

async function refuseLostKeys({ connection, sealer, collection }: ResealDeps): Promise<void> {
  const rows = connection.collection<Row>(collection);
  const lost = await rows.findOne({ keyId: { $exists: true, $nin: [...sealer.keyIds] } }, { projection: { keyId: 1 } });
  if (lost !== null) throw unknownPersonalKey(collection, lost.keyId);
}
