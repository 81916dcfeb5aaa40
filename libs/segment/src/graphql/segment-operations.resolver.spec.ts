import { graphql, type ExecutionResult } from 'graphql';
import { buildSchema } from 'type-graphql';
import { silentLogger } from '@vitrine/testing';
import { FinishTraining } from '../application/finish-training';
import { RollbackModel } from '../application/rollback-model';
import type { DriftCheck, TrainingRowRepository } from '../application/training-ports';
import { TrainingStarter } from '../application/training-starter';
import { countingIds, frozenClock, RecordedQueue } from '../testing/in-memory-training.fixture';
import { MemoryModels, MemoryRuns } from '../testing/memory-repositories.fixture';
import { aSegmentModel, aTrainingRun } from '../testing/segment.fixture';
import { SegmentOperationsResolver } from './segment-operations.resolver';

const ALL: readonly string[] = ['insight:read', 'segment:train'];

function build(runs = new MemoryRuns(), check: DriftCheck | null = null) {
  const models = new MemoryModels(aSegmentModel({ version: 1, status: 'RETIRED' }), aSegmentModel({ version: 2, parentVersion: 1 }));
  const clock = frozenClock(7);
  const deleted: string[] = [];
  const rows = { deleteRun: (id: string) => Promise.resolve(void deleted.push(id)) } satisfies Pick<TrainingRowRepository, 'deleteRun'>;
  const starter = new TrainingStarter({
    ...{ runs, models, queue: new RecordedQueue(), clock, newId: countingIds('run'), featureNames: ['x'] },
    ...{ partitions: 2, codeVersion: 'test', abandonAfterMs: 1_000 },
  });
  const rollback = new RollbackModel({ models, starter, announce: () => undefined, logger: silentLogger });
  const resolver = new SegmentOperationsResolver({
    ...{ runs, rollback, drift: { find: () => Promise.resolve(check) } },
    finish: new FinishTraining({ runs, models, rows, clock }),
  });
  const execute = async (source: string, scopes = ALL): Promise<ExecutionResult> => {
    const schema = await buildSchema({
      resolvers: [SegmentOperationsResolver],
      container: { get: () => resolver },
      authChecker: (_, roles) => roles.some((role) => scopes.includes(String(role))),
      validate: { forbidUnknownValues: true },
    });
    return graphql({ schema, source, contextValue: {} });
  };
  return { execute, models, runs, deleted };
}

describe('SegmentOperationsResolver', () => {
  const ended = (at: number) => aTrainingRun({ id: `old-${at}`, status: 'REFUSED', step: 'DONE', startedAt: at, modelVersion: at });

  it('pages through trainings, newest first', async () => {
    const { execute } = build(new MemoryRuns(ended(1), ended(2), ended(3)));
    const fields = 'edges { node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount';
    const first = await execute(`{ trainingRuns(first: 2) { ${fields} } }`);
    expect(first.data?.['trainingRuns']).toEqual({
      edges: [{ node: { id: 'old-3' } }, { node: { id: 'old-2' } }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, endCursor: 'old-2' },
      totalCount: 3,
    });
    const second = await execute(`{ trainingRuns(first: 2, after: "old-2") { ${fields} } }`);
    expect(second.data?.['trainingRuns']).toMatchObject({
      edges: [{ node: { id: 'old-1' } }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
  });

  it.each([0, 101])('refuses a page of %d', async (first) => {
    const { errors } = await build().execute(`{ trainingRuns(first: ${first}) { totalCount } }`);
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('shows the newest comparison of populations, and null before the first', async () => {
    const shown = { modelVersion: 2, rows: 900, features: [{ name: 'x', index: 0.3 }], segments: 0.1, drifted: true };
    const check = { ...shown, checkedAt: 0, retrained: true };
    const source = '{ segmentDrift { modelVersion checkedAt rows features { name index } segments drifted } }';
    expect((await build(undefined, check).execute(source)).data).toEqual({ segmentDrift: { ...shown, checkedAt: new Date(0) } });
    expect((await build().execute(source)).data).toEqual({ segmentDrift: null });
  });

  it('cancels a training, leaves one that has ended as it is, and knows none that never was', async () => {
    const { execute, deleted } = build(new MemoryRuns(aTrainingRun({ step: 'SEARCH' }), ended(1)));
    const cancel = (id: string) => execute(`mutation { cancelTraining(id: "${id}") { status step failureCode finishedAt } }`);
    expect((await cancel('run-1')).data?.['cancelTraining']).toEqual({
      ...{ status: 'CANCELLED', step: 'SEARCH', failureCode: 'TRAINING_CANCELLED', finishedAt: new Date(7) },
    });
    expect(deleted).toEqual(['run-1']);
    expect((await cancel('old-1')).data?.['cancelTraining']).toMatchObject({ status: 'REFUSED' });
    expect((await cancel('nobody')).errors?.[0]?.originalError).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('goes back to the version before, or to one that is named', async () => {
    const { execute, models, runs } = build();
    const plain = await execute('mutation { rollbackSegmentModel { version status } }');
    expect(plain.data).toEqual({ rollbackSegmentModel: { version: 1, status: 'PUBLISHED' } });
    await runs.finish('run-1', { status: 'PUBLISHED', step: 'DONE', failure: null }, 8);
    const named = await execute('mutation { rollbackSegmentModel(input: { version: 2 }) { version } }');
    expect(named.data).toEqual({ rollbackSegmentModel: { version: 2 } });
    expect(models.held.get(2)?.status).toBe('PUBLISHED');
    expect(
      (await execute('mutation { rollbackSegmentModel(input: { version: 2 }) { version } }')).errors?.[0]?.originalError,
    ).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect((await execute('mutation { rollbackSegmentModel(input: { version: 0 }) { version } }')).errors).toHaveLength(1);
  });

  it.each([
    ['{ trainingRuns { totalCount } }', 'segment:train'],
    ['{ segmentDrift { rows } }', 'segment:train'],
    ['mutation { cancelTraining(id: "run-1") { id } }', 'insight:read'],
    ['mutation { rollbackSegmentModel { version } }', 'insight:read'],
  ])('refuses %s to a caller who only has %s', async (source, scope) => {
    const { execute, models } = build(new MemoryRuns(aTrainingRun()));
    expect((await execute(source, [scope])).errors).toHaveLength(1);
    expect(models.held.get(2)?.status).toBe('PUBLISHED');
  });
});
