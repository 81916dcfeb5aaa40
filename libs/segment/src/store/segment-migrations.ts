import type { Migration } from '@vitrine/platform';
import { moveToPipelines } from './pipelines.migration';

/** Rows outlive their run only when the run was abandoned; a day later nothing is left of them. */
const ROWS_EXPIRE_AFTER_SECONDS = 24 * 3600;

export const segmentMigrations: readonly Migration[] = [
  {
    id: 'segment-0001-indexes',
    async up(connection) {
      await connection.collection('segment_models').createIndexes([
        // At most one live model, whatever races.
        { key: { status: 1 }, name: 'one_published', unique: true, partialFilterExpression: { status: 'PUBLISHED' } },
      ]);
      await connection.collection('training_runs').createIndexes([
        { key: { status: 1 }, name: 'one_running', unique: true, partialFilterExpression: { status: 'RUNNING' } },
        { key: { modelVersion: -1 }, name: 'model_version', unique: true },
      ]);
      await connection.collection('training_rows').createIndexes([
        { key: { runId: 1, split: 1, partition: 1, number: 1 }, name: 'reading_order' },
        { key: { createdAt: 1 }, name: 'expiry', expireAfterSeconds: ROWS_EXPIRE_AFTER_SECONDS },
      ]);
    },
  },
  { id: 'segment-0002-pipelines', up: moveToPipelines },
];
