import type { Connection } from 'mongoose';
import { wasGranted, type ConsentDefault, type ErasedModel, type PersonalData, type Profile } from '@vitrine/profile';
import { outlivedItsRows } from '../domain/erased-share';
import type { SegmentModelDoc } from './segment-documents';

export interface TrainedModelsDeps {
  readonly connection: Connection;
  readonly consentDefault: ConsentDefault;
}

/**
 * Segment models as a place where a person leaves traces: rows of training name nobody, so a model cannot take somebody's row out, but it
 * counts how many of its rows are gone. A profile counts for every model that was trained while it existed and
 * TRAINING was allowed.
 */
export function trainedModels({ connection, consentDefault }: TrainedModelsDeps): PersonalData {
  return {
    name: 'segment models',
    read: () => Promise.resolve([]),
    erase: async ({ profile }) => ({ removed: 0, models: profile === null ? [] : await countOut(connection, profile, consentDefault) }),
  };
}

async function countOut(
  connection: Connection,
  { createdAt, consent }: Profile,
  byDefault: ConsentDefault,
): Promise<readonly ErasedModel[]> {
  const models = connection.collection<SegmentModelDoc>('segment_models');
  const since = await models
    .find({ createdAt: { $gt: new Date(createdAt) }, status: { $ne: 'REFUSED' } }, { projection: { createdAt: 1 } })
    .toArray();
  const trained = since
    .filter((model) => wasGranted(consent, 'TRAINING', { at: model.createdAt.getTime(), byDefault }))
    .map(({ _id }) => _id);
  await models.updateMany({ _id: { $in: trained } }, { $inc: { erasedRows: 1 } });
  const rows = await models.find({ _id: { $in: trained } }, { projection: { trainedRows: 1, erasedRows: 1 } }).toArray();
  return rows.map(({ _id: version, trainedRows, erasedRows = 0 }) => {
    return { version, trainedRows, erasedRows, flagged: outlivedItsRows({ trainedRows, erasedRows }) };
  });
}
