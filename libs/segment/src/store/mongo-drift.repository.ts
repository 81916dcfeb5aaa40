import type { Connection } from 'mongoose';
import type { DriftCheck, DriftRepository } from '../application/training-ports';
import type { DriftCheckDoc } from './segment-documents';

/** `segment_drift`: one row, the newest check. */
export class MongoDriftRepository implements DriftRepository {
  constructor(private readonly connection: Connection) {}

  async save({ checkedAt, ...check }: DriftCheck): Promise<void> {
    await this.rows().replaceOne({ _id: 'latest' }, { ...check, checkedAt: new Date(checkedAt) }, { upsert: true });
  }

  async find(): Promise<DriftCheck | null> {
    const row = await this.rows().findOne({ _id: 'latest' });
    if (row === null) return null;
    const { _id, checkedAt, retrained = false, ...check } = row; // checks of earlier releases did not say
    return { ...check, retrained, checkedAt: checkedAt.getTime() };
  }

  private rows() {
    return this.connection.collection<DriftCheckDoc>('segment_drift');
  }
}
