import { Readable } from 'node:stream';
import { graphql, parse, subscribe, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { DomainError } from '@vitrine/kernel';
import { SegmentDirectory } from '../application/segment-directory';
import { TrainingStarter } from '../application/training-starter';
import type { SegmentModelRepository, TrainingRunRepository } from '../application/training-ports';
import { WatchTrainingRun } from '../application/watch-training-run';
import { DEFAULT_TRAINING_SETTINGS, type TrainingRun } from '../domain/training-run';
import type { SegmentModel } from '../domain/types';
import { countingIds, frozenClock } from '../testing/in-memory-training.fixture';
import { SegmentResolver, TRAINING_RUN_TOPIC } from './segment.resolver';

const model = (version: number): SegmentModel => ({
  ...{
    version,
    status: version === 3 ? 'PUBLISHED' : 'RETIRED',
    featureNames: ['x'],
    center: [0],
    scale: [1],
    clip: 6,
    centroids: [[0]],
    trainedRows: 9,
  },
  ...{
    segments: [{ id: 'seg-0', name: 'Average', share: 1, size: 12 }],
    metrics: { tuneSilhouette: 0.5 },
    seed: 1,
    createdAt: 0,
    refusal: null,
  },
});
const MODELS = [model(3), model(2), model(1)];

const models: SegmentModelRepository = {
  find: () => Promise.resolve(null),
  findPublished: () => Promise.resolve(model(3)),
  findPublishedVersion: () => Promise.resolve(3),
  list: (limit, before) => Promise.resolve(MODELS.filter(({ version }) => before === null || version < before).slice(0, limit)),
  count: () => Promise.resolve(MODELS.length),
  insert: () => Promise.resolve(),
  saveVerdict: () => Promise.resolve(),
  publish: () => Promise.resolve(true),
  saveSizes: () => Promise.resolve(),
};

function fakeRuns(): TrainingRunRepository {
  const held = new Map<string, TrainingRun>();
  const nothing = () => Promise.resolve();
  return {
    create: (run) => Promise.resolve(held.set(run.id, run) && 'created'),
    get: (id) => Promise.resolve(held.get(id)).then((run) => run ?? Promise.reject(new DomainError('NOT_FOUND'))),
    findActive: () => Promise.resolve([...held.values()][0] ?? null),
    findByModelVersion: () => Promise.resolve(null),
    lastModelVersion: () => Promise.resolve(3),
    commitExtraction: nothing,
    saveAssignment: nothing,
    moveTo: nothing,
    touch: nothing,
    finish: nothing,
    abandon: () => Promise.resolve(false),
  };
}

const ALL: readonly string[] = ['insight:read', 'segment:train'];

async function execute(source: string, scopes = ALL): Promise<ExecutionResult> {
  return graphql({ schema: await schemaOver(fakeRuns(), scopes), source, contextValue: {} });
}

async function schemaOver(runs: TrainingRunRepository, scopes = ALL): Promise<GraphQLSchema> {
  const queue = { enqueueTraining: () => Promise.resolve(), enqueueAssignment: () => Promise.resolve() };
  const starter = new TrainingStarter({
    ...{ runs, queue, clock: frozenClock(0), newId: countingIds('run'), featureNames: ['x'], partitions: 2, abandonAfterMs: 1 },
  });
  const resolver = new SegmentResolver({ directory: new SegmentDirectory(models), runs, starter });
  const trainings = new WatchTrainingRun({ runs, poll: () => () => undefined });
  const topics: Readonly<Record<string, (id: unknown) => AsyncIterable<unknown>>> = {
    [TRAINING_RUN_TOPIC]: (id) => trainings.watch(String(id)),
  };
  return buildSchema({
    resolvers: [SegmentResolver],
    container: { get: () => resolver },
    authChecker: (_, roles) => roles.some((role) => scopes.includes(String(role))),
    validate: { forbidUnknownValues: true },
    pubSub: { publish: () => undefined, subscribe: (topic, id) => topics[topic]?.(id) ?? Readable.from([]) },
  });
}

describe('SegmentResolver', () => {
  it('lists the segments of the live model', async () => {
    const { data, errors } = await execute('{ segments { id name share size } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({ segments: [{ id: 'seg-0', name: 'Average', share: 1, size: 12 }] });
  });

  it('pages through model versions, newest first', async () => {
    const fields = 'edges { node { version status metrics { name value } } } pageInfo { hasNextPage endCursor } totalCount';
    const first = await execute(`{ segmentModels(first: 2) { ${fields} } }`);
    expect(first.data).toMatchObject({
      segmentModels: {
        edges: [{ node: { version: 3, status: 'PUBLISHED' } }, { node: { version: 2 } }],
        pageInfo: { hasNextPage: true },
        totalCount: 3,
      },
    });
    const cursor = /"endCursor":"([^"]+)"/.exec(JSON.stringify(first.data))?.[1] ?? '';
    const second = await execute(`{ segmentModels(first: 2, after: "${cursor}") { ${fields} } }`);
    expect(second.data).toMatchObject({ segmentModels: { edges: [{ node: { version: 1 } }], pageInfo: { hasNextPage: false } } });
  });

  it.each(['first: 0', 'first: 101', 'after: "nonsense"'])('refuses a page with %s', async (argument) => {
    const { errors } = await execute(`{ segmentModels(${argument}) { totalCount } }`);
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('starts a training with and without input, and tells what it started', async () => {
    const plain = await execute('mutation { trainSegments { status step progress modelVersion rows failureCode finishedAt } }');
    expect(plain.errors).toBeUndefined();
    expect(plain.data).toEqual({
      trainSegments: { status: 'RUNNING', step: 'EXTRACT', progress: 0, modelVersion: 4, rows: 0, failureCode: null, finishedAt: null },
    });
    const chosen = await execute('mutation { trainSegments(input: { minSegments: 3, maxSegments: 4, seed: 7 }) { id startedAt } }');
    expect(chosen.errors).toBeUndefined();
  });

  it('refuses input that is out of range', async () => {
    expect((await execute('mutation { trainSegments(input: { minSegments: 1 }) { id } }')).errors).toHaveLength(1);
    const reversed = await execute('mutation { trainSegments(input: { minSegments: 9, maxSegments: 4 }) { id } }');
    expect(reversed.errors?.[0]?.originalError).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  describe('as a subscription', () => {
    const document = parse('subscription ($id: ID!) { trainingRun(id: $id) { id status step progress } }');
    const ENDED: TrainingRun = {
      ...{ id: 'run-7', trigger: 'MANUAL', status: 'REFUSED', step: 'DONE', partitions: 2, seed: 1, modelVersion: 4 },
      ...{ settings: DEFAULT_TRAINING_SETTINGS, featureNames: ['x'], extracted: {}, assigned: {}, failure: null },
      ...{ startedAt: 0, updatedAt: 1, finishedAt: 1 },
    };
    const open = async (id: string, scopes = ALL) => {
      const runs = fakeRuns();
      await runs.create(ENDED);
      return subscribe({ schema: await schemaOver(runs, scopes), document, variableValues: { id }, contextValue: {} });
    };

    it('gives the states of a run until it has ended', async () => {
      const opened = await open('run-7');
      const results: ExecutionResult[] = [];
      if (Symbol.asyncIterator in opened) for await (const result of opened) results.push(result);
      expect(results).toEqual([{ data: { trainingRun: { id: 'run-7', status: 'REFUSED', step: 'DONE', progress: 1 } } }]);
    });

    it('refuses a caller without the scope before anything is read', async () => {
      expect(await open('run-7', ['segment:train'])).toMatchObject({ errors: [{ path: ['trainingRun'] }] });
    });
  });

  it.each([
    ['{ segments { id } }', 'segment:train'],
    ['{ segmentModels { totalCount } }', 'segment:train'],
    ['{ trainingRun(id: "x") { id } }', 'segment:train'],
    ['mutation { trainSegments { id } }', 'insight:read'],
  ])('refuses %s to a caller who only has %s', async (source, scope) => {
    expect((await execute(source, [scope])).errors).toHaveLength(1);
  });
});
