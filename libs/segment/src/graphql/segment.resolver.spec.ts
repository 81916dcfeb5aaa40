import { Readable } from 'node:stream';
import { graphql, parse, subscribe, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { SegmentDirectory } from '../application/segment-directory';
import { TrainingStarter } from '../application/training-starter';
import { WatchTrainingRun } from '../application/watch-training-run';
import { DEFAULT_TRAINING_SETTINGS } from '../domain/training-run';
import type { SegmentModel } from '../domain/types';
import { countingIds, frozenClock, RecordedQueue } from '../testing/in-memory-training.fixture';
import { MemoryModels, MemoryRuns } from '../testing/memory-repositories.fixture';
import { anExtraction, aSegment, aSegmentModel, aTrainingRun } from '../testing/segment.fixture';
import { SegmentResolver, TRAINING_RUN_TOPIC } from './segment.resolver';

const model = (version: number): SegmentModel => {
  return aSegmentModel({ version, status: version === 3 ? 'PUBLISHED' : 'RETIRED', segments: [aSegment({ size: 12 })] });
};

const ALL: readonly string[] = ['insight:read', 'segment:train'];

async function execute(source: string, scopes = ALL, ...models: readonly SegmentModel[]): Promise<ExecutionResult> {
  return graphql({ schema: await schemaOver(new MemoryRuns(), scopes, models), source, contextValue: {} });
}

async function schemaOver(runs: MemoryRuns, scopes = ALL, held: readonly SegmentModel[] = []): Promise<GraphQLSchema> {
  const models = new MemoryModels(...(held.length > 0 ? held : [model(3), model(2), model(1)]));
  const starter = new TrainingStarter({
    ...{ runs, models, queue: new RecordedQueue(), clock: frozenClock(0), newId: countingIds('run'), featureNames: ['x'] },
    ...{ partitions: 2, codeVersion: 'test', abandonAfterMs: 1 },
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

  it('says of a segment how it differs and responds, but nothing of a group that is too small to be counted out loud', async () => {
    const rate = (people: number) => ({ value: 0.3, low: 0.2, high: 0.4, people });
    const segments = [aSegment({ size: 9, rate: rate(9) }), aSegment({ id: 'seg-1', size: 10, rate: rate(10), description: 'Far above.' })];
    const { data } = await execute('{ segments { id size description rate { value low high people } } }', ALL, aSegmentModel({ segments }));
    expect(data?.['segments']).toEqual([
      { id: 'seg-0', size: 0, description: 'Near the average in everything.', rate: null },
      { id: 'seg-1', size: 10, description: 'Far above.', rate: rate(10) },
    ]);
  });

  it('tells where a version comes from', async () => {
    const lineage = { parentVersion: 2, fingerprint: 'cafe', codeVersion: 'abc', trainedRows: 1_000, erasedRows: 11 };
    const fields =
      'parentVersion fingerprint codeVersion trainedRows erasedRows retrainAdvised configuration { algorithm segments scaling dimensions }';
    const { data } = await execute(`{ segmentModels { edges { node { ${fields} } } } }`, ALL, aSegmentModel({ version: 3, ...lineage }));
    expect(data).toMatchObject({
      segmentModels: { edges: [{ node: { ...lineage, retrainAdvised: true, configuration: aSegmentModel().configuration } }] },
    });
  });

  it.each(['first: 0', 'first: 101', 'after: "nonsense"'])('refuses a page with %s', async (argument) => {
    const { errors } = await execute(`{ segmentModels(${argument}) { totalCount } }`);
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('starts a training with and without input, and tells what it started', async () => {
    const plain = await execute('mutation { trainSegments { status step progress modelVersion rows failureCode finishedAt } }');
    expect(plain.errors).toBeUndefined();
    expect(plain.data).toEqual({
      trainSegments: { status: 'RUNNING', step: 'EXTRACT', progress: 0, modelVersion: 1, rows: 0, failureCode: null, finishedAt: null },
    });
    const chosen = await execute('mutation { trainSegments(input: { minSegments: 3, maxSegments: 4, seed: 7 }) { id startedAt } }');
    expect(chosen.errors).toBeUndefined();
  });

  it('gives what a run searched, chose and measured', async () => {
    const settings = { ...DEFAULT_TRAINING_SETTINGS, responseDays: 0 };
    const { configuration } = aSegmentModel();
    const log = { FIT: [{ name: 'stability', index: 0, value: 0.9 }], EXTRACT: [{ name: 'trainRows', index: 0, value: 7 }] };
    const run = aTrainingRun({
      step: 'VALIDATE',
      settings,
      configurations: [configuration],
      chosen: 0,
      fingerprint: 'cafe',
      log,
      parentVersion: 1,
    });
    const schema = await schemaOver(new MemoryRuns({ ...run, extracted: { 0: anExtraction() } }));
    const fields =
      'kind trigger parentVersion codeVersion fingerprint chosen rows configurations { segments } metrics { step name index value }';
    const { data } = await graphql({ schema, source: `{ trainingRun(id: "run-1") { ${fields} } }`, contextValue: {} });
    expect(data?.['trainingRun']).toEqual({
      ...{ kind: 'TRAIN', trigger: 'MANUAL', parentVersion: 1, codeVersion: 'test', fingerprint: 'cafe', chosen: 0, rows: 10 },
      configurations: [{ segments: 2 }],
      metrics: [
        { step: 'EXTRACT', name: 'trainRows', index: 0, value: 7 },
        { step: 'FIT', name: 'stability', index: 0, value: 0.9 },
      ],
    });
  });

  it('refuses input that is out of range', async () => {
    expect((await execute('mutation { trainSegments(input: { minSegments: 1 }) { id } }')).errors).toHaveLength(1);
    const reversed = await execute('mutation { trainSegments(input: { minSegments: 9, maxSegments: 4 }) { id } }');
    expect(reversed.errors?.[0]?.originalError).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  describe('as a subscription', () => {
    const document = parse('subscription ($id: ID!) { trainingRun(id: $id) { id status step progress } }');
    const ENDED = aTrainingRun({ id: 'run-7', status: 'REFUSED', step: 'DONE', updatedAt: 1, finishedAt: 1 });
    const open = async (id: string, scopes = ALL) => {
      const runs = new MemoryRuns();
      runs.held.set('run-7', ENDED);
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
