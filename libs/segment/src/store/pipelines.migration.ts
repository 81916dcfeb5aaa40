import type { Connection } from 'mongoose';
import { DEFAULT_TRAINING_SETTINGS } from '../domain/training-run';

/** A model as releases before pipelines stored it: centroids over scaled and clipped features. */
interface ScaledModelDoc {
  readonly _id: number;
  readonly featureNames: readonly string[];
  readonly center: readonly number[];
  readonly scale: readonly number[];
  readonly clip: number;
  readonly centroids: readonly (readonly number[])[];
  readonly segments: readonly { readonly id: string; readonly share: number }[];
}
interface OldRunDoc {
  readonly _id: string;
  readonly status: string;
  readonly settings: object;
  readonly extracted: Readonly<Record<string, object>>;
}

const NAMESPACE_OR_INDEX_MISSING = [26, 27];

/** Models become pipelines that compute the same; runs get what later runs have. Each row is changed once, whoever comes first. */
export async function moveToPipelines(connection: Connection): Promise<void> {
  const models = connection.collection<ScaledModelDoc>('segment_models');
  for await (const model of models.find({ centroids: { $exists: true } })) {
    const $unset = { center: '', scale: '', clip: '', centroids: '' } as const;
    await models.updateOne({ _id: model._id, centroids: { $exists: true } }, { $set: pipelineOf(model), $unset });
  }
  const runs = connection.collection<OldRunDoc>('training_runs');
  for await (const run of runs.find({ kind: { $exists: false } })) {
    await runs.updateOne({ _id: run._id, kind: { $exists: false } }, { $set: grown(run) });
  }
  await connection
    .collection('training_rows')
    .createIndexes([{ key: { runId: 1, stream: 1, split: 1, partition: 1, number: 1 }, name: 'reading_order_of_stream' }]);
  await dropUniqueVersion(connection);
  await runs.createIndexes([
    // A rollback applies a version that another run made.
    { key: { modelVersion: -1 }, name: 'model_of_training', unique: true, partialFilterExpression: { kind: 'TRAIN' } },
    { key: { startedAt: -1 }, name: 'newest' },
  ]);
}

function pipelineOf({ featureNames, center, scale, clip, centroids, segments }: ScaledModelDoc) {
  return {
    pipeline: {
      version: 1,
      columns: featureNames.map((name) => ({ name, kind: 'NUMERIC' })),
      steps: [
        // What was not a number counted as the average.
        { kind: 'impute', columns: featureNames, fills: center, indicated: [] },
        { kind: 'standard-scale', columns: featureNames, center, scale },
        { kind: 'clip', columns: featureNames, low: -clip, high: clip },
      ],
      outputNames: featureNames,
    },
    clusterer: { kind: 'K_MEANS', middles: centroids },
    segments: segments.map((segment) => ({ description: '', rate: null, ...segment })),
    nextSegment: segments.length,
    response: null,
    reference: { features: [], segments: Object.fromEntries(segments.map(({ id, share }) => [id, share])) },
    configuration: { algorithm: 'K_MEANS', segments: segments.length, scaling: 'STANDARD', dimensions: featureNames.length },
    fingerprint: '',
    parentVersion: null,
    codeVersion: 'before pipelines',
  };
}

/** One that is under way was made of other steps: it cannot go on. */
function grown({ status, settings, extracted }: OldRunDoc) {
  const failure = { code: 'PIPELINE_VERSION_MISMATCH', message: 'the run was begun by an older release' };
  const responses = { TRAIN: 0, TUNE: 0, TEST: 0 };
  return {
    kind: 'TRAIN',
    ...(status === 'RUNNING' ? { status: 'FAILED', failure, finishedAt: new Date() } : {}),
    settings: { ...DEFAULT_TRAINING_SETTINGS, ...settings },
    extracted: Object.fromEntries(Object.entries(extracted).map(([partition, part]) => [partition, { responses, ...part }])),
    ...{ parentVersion: null, codeVersion: 'before pipelines', configurations: [], trials: {}, chosen: null, fingerprint: null, log: {} },
  };
}

async function dropUniqueVersion(connection: Connection): Promise<void> {
  try {
    await connection.collection('training_runs').dropIndex('model_version');
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : null;
    if (code === null || !NAMESPACE_OR_INDEX_MISSING.includes(code)) throw error;
  }
}
