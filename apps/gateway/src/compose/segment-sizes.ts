import type { SegmentSizes } from '@vitrine/insight';
import type { Connection } from 'mongoose';

interface SizeRow {
  readonly _id: string;
  readonly profiles: number;
}

/** How many profiles each segment holds now; counted in the database, for reports only. */
export function createSegmentSizes(connection: Connection): SegmentSizes {
  return {
    async sizes() {
      const rows = await connection
        .collection('profiles')
        .aggregate<SizeRow>([{ $match: { segment: { $ne: null } } }, { $group: { _id: '$segment.segmentId', profiles: { $sum: 1 } } }])
        .toArray();
      return new Map(rows.map(({ _id, profiles }) => [_id, profiles]));
    },
  };
}
