import { rngFromNumber } from '@vitrine/kernel';
import { runMigrations } from '@vitrine/platform';
import { useMongo } from '@vitrine/testing';
import { createAssigner } from '../domain/segment-assigner';
import { MongoSegmentModelRepository } from './mongo-segment-model.repository';
import { MongoTrainingRunRepository } from './mongo-training-run.repository';
import { moveToPipelines } from './pipelines.migration';
import { segmentMigrations } from './segment-migrations';

const OLD_MODEL = {
  status: 'PUBLISHED',
  featureNames: ['visits', 'money', 'constant'],
  center: [3, 120, 7],
  scale: [1.5, 80, 0],
  clip: 6,
  centroids: [
    [-1, -0.5, 0],
    [2, 0.25, 0],
    [0.5, 4, 0],
  ],
  segments: [
    { id: 'seg-0', name: 'Low visits', share: 0.6, size: 60 },
    { id: 'seg-1', name: 'High visits', share: 0.3, size: 30 },
    { id: 'seg-2', name: 'High money', share: 0.1, size: 10 },
  ],
  ...{ metrics: { heldOutRows: 30 }, trainedRows: 100, seed: 3, createdAt: new Date(5), refusal: null },
};
const OLD_RUN = {
  ...{
    trigger: 'MANUAL',
    status: 'PUBLISHED',
    step: 'DONE',
    partitions: 2,
    seed: 1,
    featureNames: ['visits'],
    assigned: {},
    failure: null,
  },
  settings: { minSegments: 2, maxSegments: 10, restarts: 4, maxIterations: 100, minRows: 200, searchRows: 20_000, silhouetteRows: 1_000 },
  extracted: { 0: { attempt: 'a', train: 7, tune: 2, test: 1, dropped: 0 } },
  ...{ startedAt: new Date(1), updatedAt: new Date(2), finishedAt: new Date(3) },
};

type OldRun = Omit<typeof OLD_RUN, 'finishedAt'> & {
  readonly _id: string;
  readonly modelVersion: number;
  readonly finishedAt: Date | null;
};

/** What releases before pipelines did: the nearest centroid over scaled and clipped features, the first of equals; no number is the average. */
function formerly(features: Float64Array): string {
  const { center, scale, clip, centroids } = OLD_MODEL;
  const scaled = Array.from(features, (value, c) => {
    const z = scale[c] === 0 ? 0 : (value - (center[c] ?? 0)) / (scale[c] ?? 1);
    return Number.isNaN(z) ? 0 : Math.max(-clip, Math.min(clip, z));
  });
  const distances = centroids.map((centroid) => centroid.reduce((sum, value, c) => sum + ((scaled[c] ?? 0) - value) ** 2, 0));
  return `seg-${distances.indexOf(Math.min(...distances))}`;
}

describe('the move of old models and runs to pipelines', () => {
  const mongo = useMongo();
  const models = () => mongo.connection().collection<typeof OLD_MODEL & { readonly _id: number }>('segment_models');
  const runs = () => mongo.connection().collection<OldRun>('training_runs');
  const indexes = async () => (await runs().indexes()).map(({ name }) => name).toSorted();

  beforeAll(async () => {
    await runMigrations(mongo.connection(), segmentMigrations.slice(0, 1));
    await models().insertMany([
      { _id: 2, ...OLD_MODEL, status: 'RETIRED' },
      { _id: 3, ...OLD_MODEL },
    ]);
    await runs().insertMany([
      { _id: 'done', ...OLD_RUN, modelVersion: 3 },
      { _id: 'under-way', ...OLD_RUN, modelVersion: 4, status: 'RUNNING', step: 'FIT', finishedAt: null },
    ]);
    await Promise.all([moveToPipelines(mongo.connection()), moveToPipelines(mongo.connection())]); // two processes that start at once
  });

  it('assigns everybody the segment that they had', async () => {
    const model = await new MongoSegmentModelRepository(mongo.connection()).find(3);
    if (model === null) throw new TypeError('the model is gone');
    const assigner = createAssigner(model);
    const rng = rngFromNumber(2);
    const rows = Array.from({ length: 5_000 }, () => Float64Array.of(12 * rng() - 2, 1_500 * rng() - 200, 20 * rng()));
    rows.push(Float64Array.of(Number.NaN, 700, 7), Float64Array.of(9, Number.NaN, Number.NaN), Float64Array.of(1e9, -1e9, 0));
    expect(rows.map((row) => assigner.assign(row))).toEqual(rows.map(formerly));
    expect(new Set(rows.map(formerly)).size).toBe(3);
  });

  it('keeps what a version was, and gives it what later ones have', async () => {
    const model = await new MongoSegmentModelRepository(mongo.connection()).find(3);
    expect(model).toMatchObject({
      status: 'PUBLISHED',
      trainedRows: 100,
      nextSegment: 3,
      parentVersion: null,
      response: null,
      metrics: { heldOutRows: 30 },
    });
    expect(model?.segments).toEqual(OLD_MODEL.segments.map((segment) => ({ ...segment, description: '', rate: null })));
    expect(model?.reference.segments).toEqual({ 'seg-0': 0.6, 'seg-1': 0.3, 'seg-2': 0.1 });
    expect(Object.keys(model ?? {})).not.toEqual(expect.arrayContaining(['centroids', 'center', 'scale', 'clip']));
    expect((await new MongoSegmentModelRepository(mongo.connection()).find(2))?.status).toBe('RETIRED');
  });

  it('ends a run that was under way with a code, and leaves those that had ended', async () => {
    const repository = new MongoTrainingRunRepository(mongo.connection());
    expect(await repository.get('under-way')).toMatchObject({
      status: 'FAILED',
      step: 'FIT',
      failure: { code: 'PIPELINE_VERSION_MISMATCH' },
    });
    expect((await repository.get('under-way')).finishedAt).not.toBeNull();
    const done = await repository.get('done');
    expect(done).toMatchObject({ kind: 'TRAIN', status: 'PUBLISHED', finishedAt: 3, trials: {}, log: {}, chosen: null });
    expect(done.extracted['0']).toEqual({ ...OLD_RUN.extracted['0'], responses: { TRAIN: 0, TUNE: 0, TEST: 0 } });
    expect(done.settings.search.maxSegments).toBeGreaterThan(2);
    expect(await repository.findActive()).toBeNull();
  });

  it('makes versions unique among trainings only', async () => {
    expect(await indexes()).toEqual(['_id_', 'model_of_training', 'newest', 'one_running']);
  });

  it('changes nothing when it runs again', async () => {
    const before = [await models().find().toArray(), await runs().find().toArray(), await indexes()];
    await moveToPipelines(mongo.connection());
    expect([await models().find().toArray(), await runs().find().toArray(), await indexes()]).toEqual(before);
  });
});
