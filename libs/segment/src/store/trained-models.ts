import type { Connection } from 'mongoose';
import { mayDo, type ConsentDefault, type ErasedModel, type PersonalData, type Profile } from '@vitrine/profile';
import { outlivedItsRows } from '../domain/erased-share';
import type { SegmentModelDoc } from './segment-documents';

export interface TrainedModelsDeps {
  readonly connection: Connection;
  readonly consentDefault: ConsentDefault;
}

/**
 * Segment models as a place where a person leaves traces: rows of training name nobody, so a model cannot take somebody's row out, but it
 * counts how many of its rows are gone. A profile counts for every model that was trained while it existed and allowed TRAINING.
 */
export function trainedModels({ connection, consentDefault }: TrainedModelsDeps): PersonalData {
  return {
    name: 'segment models',
    read: () => Promise.resolve([]),
    async erase({ profile }) {
      if (profile === null || !mayDo(profile.consent, 'TRAINING', consentDefault)) return { removed: 0 };
      return { removed: 0, models: await countOut(connection, profile) };
    },
  };
}

async function countOut(connection: Connection, { createdAt }: Profile): Promise<readonly ErasedModel[]> {
  const models = connection.collection<SegmentModelDoc>('segment_models');
  const trainedOn = { createdAt: { $gt: new Date(createdAt) }, status: { $ne: 'REFUSED' as const } };
  await models.updateMany(trainedOn, { $inc: { erasedRows: 1 } });
  const rows = await models.find(trainedOn, { projection: { trainedRows: 1, erasedRows: 1 } }).toArray();
  return rows.map(({ _id: version, trainedRows, erasedRows = 0 }) => {
    return { version, trainedRows, erasedRows, flagged: outlivedItsRows({ trainedRows, erasedRows }) };
  });
}
